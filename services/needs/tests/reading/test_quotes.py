"""What a person wrote is shown, what is quoted is folded, in the forms of the programs that people use."""

import pytest

from services.needs.reading.html import plain
from services.needs.reading.quotes import split

ABOVE = {
    "Gmail": "Il giorno lun 23 nov 2026 alle ore 09:00 Desk <s@example.org>\nha scritto:\n\n> Quando può venire?\n",
    "Gmail in English": "On Mon, Nov 23, 2026 at 9:00 AM Desk <s@example.org> wrote:\n\n> When can you come?\n",
    "Gmail in Romanian": "În lun., 23 nov. 2026 la 09:00, Sportello <s@example.org> a scris:\n\n> Când puteți veni?\n",
    "Apple Mail": "> Il giorno 23 nov 2026, alle ore 09:00, Sportello <s@example.org> ha scritto:\n> \n> Quando?\n",
    "Apple Mail in English": "On 23 Nov 2026, at 09:00, Desk <s@example.org> wrote:\n\n> When?\n",
    "Thunderbird": "Il 23/11/26 09:00, Sportello ha scritto:\n> Quando può venire?\n",
    "Thunderbird in English": "On 23/11/2026 09:00, Desk wrote:\n> When?\n",
    "Thunderbird in German": "Am 23.11.26 um 09:00 schrieb Sportello:\n> Wann?\n",
    "Outlook": "Da: Desk <s@example.org>\nInviato: lunedì 23 novembre 2026 09:00\nA: M\nOggetto: Q\n\nQuando?\n",
    "Outlook on the web": "________________________________\nDa: Sportello\nInviato: lunedì 23\nA: M\n\nQuando?",
    "Outlook in English": "From: Desk <s@example.org>\nSent: Monday, 23 November\nTo: M\nSubject: When\n\nWhen?\n",
    "an older Outlook": "-----Messaggio originale-----\nDa: Desk [mailto:s@example.org]\nA: Mario\n\nQuando?",
    "Yahoo": "Il lunedì 23 novembre 2026 09:00:00 CET, Sportello <s@example.org> ha scritto:\n\nQuando può venire?\n",
    "Libero": "Il 23 novembre 2026 alle 09.00 Sportello <s@example.org> ha scritto:\n\nQuando può venire?\n",
    "a forwarded mail": "---------- Messaggio inoltrato ---------\nDa: Anna <a@example.org>\nDate: lunedì\n\nSenta!\n",
    "a forwarded mail of Apple": "Inizio messaggio inoltrato:\n\nDa: Anna\nOggetto: Ciao\n\nSenta!\n",
}


@pytest.mark.parametrize("quoted", ABOVE.values(), ids=ABOVE.keys())
def test_an_answer_above_the_mail_that_it_answers_is_shown_alone(quoted: str) -> None:
    text, folded = split(f"Giovedì va bene.\nGrazie, Mario\n\n{quoted}")
    assert text == "Giovedì va bene.\nGrazie, Mario"
    assert folded.split() == quoted.split()


SIGNATURES = [
    "-- \nMario Rossi\nTel. 02 0000",
    "Inviato da iPhone",
    "Inviato dal mio dispositivo Samsung",
    "Sent from my iPhone",
    "Scarica Outlook per Android<https://example.org>",
    "Cordiali saluti,\nMario Rossi",
    "Distinti saluti\nMario Rossi",
    "Best regards,\nMario",
]


@pytest.mark.parametrize("signature", SIGNATURES)
def test_a_signature_is_folded(signature: str) -> None:
    text, folded = split(f"Giovedì va bene.\n\n{signature}")
    assert (text, folded.split()) == ("Giovedì va bene.", signature.split())


WHOLE = [
    "Vorrei sapere:\n- gli orari\n- i costi\n- dove siete",
    "Hello,\nThank you, that suits me. Can I bring my sister?",
    "Buongiorno,\nGrazie, ma non posso.\nMi dite un altro giorno?",
    "Cordiali saluti a tutti, e una domanda: quando aprite?",
    "Va bene.\n\nCordiali saluti\nMario\n\nP.S. Posso portare mia sorella?",
    "Ho due domande:\nquando e dove?\nGrazie",
    "> solo una citazione",
    "Inviato da iPhone",
    "--\nMario",
    "",
]


@pytest.mark.parametrize("text", WHOLE)
def test_what_a_person_wrote_stays_whole(text: str) -> None:
    assert split(text) == (text, "")


def test_an_answer_below_the_quote_is_shown() -> None:
    text, folded = split("Il 23/11/26 09:00, Sportello ha scritto:\n> Quando può venire?\n\nGiovedì.\n-- \nMario")
    assert text == "Giovedì."
    assert folded.startswith("--\nMario")
    assert folded.endswith("> Quando può venire?")


def test_answers_between_the_lines_of_a_quote_stay_with_them() -> None:
    text = "On 23/11/2026 09:00, Desk wrote:\n> When?\nOn Thursday.\n> And where?\nIn Milan."
    assert split(text) == (text, "")


def test_an_answer_in_html_alone_is_told_from_its_quote() -> None:
    above = "<div>Giovedì&nbsp;va bene.</div><div>Il 23/11/26 09:00, Desk ha scritto:<br></div>"
    text, folded = split(plain(f"{above}<blockquote>Quando?</blockquote>"))
    assert text == "Giovedì va bene."
    assert folded.endswith("> Quando?")


@pytest.mark.parametrize(
    "hostile", ["\n", "On a", "Da: x\n", "> ", "-", "_", " ", "x:\n", "On x\nwrote:\n", "Cordiali saluti\n"]
)
def test_no_text_takes_long(hostile: str) -> None:
    """The time-out of the tests would end it: the library's own parser takes half a minute for 8,000 empty lines."""
    split(hostile * (100_000 // len(hostile)))
