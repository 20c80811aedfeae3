"""Who works at the desk. Staff publishes no events. What it is asked, the gateway alone may ask; how a member is
written to, notify alone.

Times are RFC 3339 in UTC, days ISO 8601. Identifiers are UUIDs, partners short slugs.
"""

from contracts.staff import accounts, audit, keys, signing
from contracts.staff.accounts import ACCOUNTS_PAGE_MAX as ACCOUNTS_PAGE_MAX
from contracts.staff.accounts import ADD_ACCOUNT as ADD_ACCOUNT
from contracts.staff.accounts import CHANGE_ROLE as CHANGE_ROLE
from contracts.staff.accounts import DISABLE_ACCOUNT as DISABLE_ACCOUNT
from contracts.staff.accounts import ENABLE_ACCOUNT as ENABLE_ACCOUNT
from contracts.staff.accounts import GET_ACCOUNT as GET_ACCOUNT
from contracts.staff.accounts import LIST_ACCOUNTS as LIST_ACCOUNTS
from contracts.staff.accounts import RENEW_LINK as RENEW_LINK
from contracts.staff.accounts import Account as Account
from contracts.staff.accounts import AccountPage as AccountPage
from contracts.staff.audit import ENTRIES_PAGE_MAX as ENTRIES_PAGE_MAX
from contracts.staff.audit import ENTRY_ACTIONS as ENTRY_ACTIONS
from contracts.staff.audit import LIST_COLLEAGUES as LIST_COLLEAGUES
from contracts.staff.audit import LIST_ENTRIES as LIST_ENTRIES
from contracts.staff.audit import NAME_MEMBERS as NAME_MEMBERS
from contracts.staff.audit import NAMES_MAX as NAMES_MAX
from contracts.staff.audit import Entry as Entry
from contracts.staff.audit import EntryPage as EntryPage
from contracts.staff.audit import MemberNames as MemberNames
from contracts.staff.keys import ADD_KEY as ADD_KEY
from contracts.staff.keys import KEY_NAME_MAX as KEY_NAME_MAX
from contracts.staff.keys import LIST_KEYS as LIST_KEYS
from contracts.staff.keys import REVOKE_KEY as REVOKE_KEY
from contracts.staff.keys import USE_KEY as USE_KEY
from contracts.staff.keys import AddKey as AddKey
from contracts.staff.keys import Key as Key
from contracts.staff.keys import KeyList as KeyList
from contracts.staff.signing import ACTOR_EXAMPLE as ACTOR_EXAMPLE
from contracts.staff.signing import EMAIL_MAX as EMAIL_MAX
from contracts.staff.signing import GET_MEMBER as GET_MEMBER
from contracts.staff.signing import REACH_MEMBER as REACH_MEMBER
from contracts.staff.signing import ROLES as ROLES
from contracts.staff.signing import SIGN_IN as SIGN_IN
from contracts.staff.signing import SIGN_IN_WITH as SIGN_IN_WITH
from contracts.staff.signing import TOKEN_MAX as TOKEN_MAX
from contracts.staff.signing import USE_LINK as USE_LINK
from contracts.staff.signing import Actor as Actor
from contracts.staff.signing import LetIn as LetIn
from contracts.staff.signing import Member as Member
from contracts.wire import EventType

EVENTS: tuple[EventType, ...] = ()
REQUESTS = (*signing.REQUESTS, *keys.REQUESTS, *accounts.REQUESTS, *audit.REQUESTS)
