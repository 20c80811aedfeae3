"""What notify reads and writes in its tables. Each function takes the transaction; none begins or ends one."""

from services.notify.store.messages import CONTACT_MISSING as CONTACT_MISSING
from services.notify.store.messages import anything_due as anything_due
from services.notify.store.messages import changes_of as changes_of
from services.notify.store.messages import claim as claim
from services.notify.store.messages import contacts_of as contacts_of
from services.notify.store.messages import hand_back as hand_back
from services.notify.store.messages import known_before as known_before
from services.notify.store.messages import move as move
from services.notify.store.messages import notices as notices
from services.notify.store.messages import overtake as overtake
from services.notify.store.messages import people_of as people_of
from services.notify.store.messages import purge as purge
from services.notify.store.messages import put_off as put_off
from services.notify.store.messages import queue as queue
from services.notify.store.messages import remember as remember
from services.notify.store.messages import seats_of as seats_of
from services.notify.store.messages import settle as settle
from services.notify.store.personal import add_link as add_link
from services.notify.store.personal import choose as choose
from services.notify.store.personal import hold_link as hold_link
from services.notify.store.personal import link as link
from services.notify.store.personal import purge_links as purge_links
from services.notify.store.personal import queue_link as queue_link
from services.notify.store.personal import use_up as use_up
