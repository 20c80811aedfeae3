"""What staff reads and writes in its tables. Each function takes the transaction; none begins or ends one."""

from services.staff.store.accounts import Entry as Entry
from services.staff.store.accounts import add as add
from services.staff.store.accounts import add_link as add_link
from services.staff.store.accounts import by_email as by_email
from services.staff.store.accounts import by_id as by_id
from services.staff.store.accounts import change as change
from services.staff.store.accounts import end_links as end_links
from services.staff.store.accounts import forget_attempts as forget_attempts
from services.staff.store.accounts import hold as hold
from services.staff.store.accounts import hold_attempts as hold_attempts
from services.staff.store.accounts import hold_link as hold_link
from services.staff.store.accounts import link as link
from services.staff.store.accounts import note as note
from services.staff.store.accounts import purge as purge
from services.staff.store.accounts import save_attempts as save_attempts
from services.staff.store.accounts import some_accounts as some_accounts
from services.staff.store.accounts import some_entries as some_entries
from services.staff.store.accounts import use_up as use_up
from services.staff.store.keys import add_key as add_key
from services.staff.store.keys import end_key as end_key
from services.staff.store.keys import end_keys as end_keys
from services.staff.store.keys import keys_of as keys_of
from services.staff.store.keys import owner_of as owner_of
from services.staff.store.keys import saw_key as saw_key
