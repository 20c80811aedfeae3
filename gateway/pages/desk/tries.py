"""How many passwords one client may try: each takes a twentieth of a second of two cores, whoever's it is."""

from gateway.limits import Allowance

TRIES = Allowance("tries", "20 per minute")  # an office that comes to work behind one address passes

equip = TRIES.equip
count = TRIES.count
