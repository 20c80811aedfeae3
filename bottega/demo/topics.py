"""Who the invented partners are, what their sessions are about, and when they are held."""

from dataclasses import dataclass
from datetime import time

from services.booking.domain import Partner, Story

PARTNERS = (
    Partner("bussola", "Cooperativa La Bussola"),
    Partner("dora", "Spazio Giovani Dora"),
    Partner("officina", "Officina dei Saperi"),
    Partner("ponte", "Ponte Lavoro"),
)


@dataclass(frozen=True)
class Topic:
    partner: str
    language: str
    capacity: int
    minutes: int
    title: str
    description: str
    stories: tuple[Story, ...] = ()


TOPICS = {
    "primo-lavoro": Topic(
        "dora",
        "it",
        18,
        90,
        "Il primo lavoro: da dove si comincia",
        "Annunci, agenzie, centri per l'impiego, passaparola: dove si cerca davvero, e come capire se un'offerta è"
        " seria. Alla fine hai un piano per le prossime tre settimane, scritto da te.\n\n"
        "Per chi non ha mai lavorato, o ha fatto solo lavoretti. Non serve preparare nulla.",
    ),
    "curriculum": Topic(
        "bussola",
        "it",
        8,
        90,
        "Rivediamo insieme il tuo curriculum",
        "Porta il tuo curriculum così com'è, anche a metà. Lo leggiamo con gli occhi di chi seleziona: che cosa tenere,"
        " che cosa togliere, come raccontare un'esperienza breve o un periodo senza lavoro.\n\n"
        "Siamo in pochi apposta: c'è tempo per ognuno. Si può partecipare anche solo ascoltando.",
    ),
    "colloquio": Topic(
        "ponte",
        "it",
        10,
        120,
        "Prova di colloquio: le domande che mettono in difficoltà",
        "«Mi parli di sé.» «Perché ha lasciato l'ultimo lavoro?» «Quanto vorrebbe guadagnare?» Proviamo le risposte ad"
        " alta voce, a coppie, e ci diciamo con franchezza che effetto fanno.\n\n"
        "Tieni accesa la telecamera se puoi; se non puoi, va bene lo stesso.",
    ),
    "dopo-diploma": Topic(
        "dora",
        "it",
        40,
        90,
        "Dopo il diploma: ITS, università o lavoro?",
        "Tre strade a confronto con le stesse domande: quanto dura, quanto costa, che cosa si fa ogni giorno, che cosa"
        " succede se si cambia idea. Con il calendario delle iscrizioni e delle borse di studio in Piemonte.\n\n"
        "Per chi è in quarta o in quinta superiore, e per chi si è già diplomato.",
        (
            Story(
                "Dal liceo alla falegnameria: un mestiere scelto due volte", "https://video.example.org/falegnameria"
            ),
            Story("Come si diventa tecnica di laboratorio", "https://video.example.org/laboratorio"),
        ),
    ),
    "its": Topic(
        "officina",
        "it",
        30,
        75,
        "ITS Academy: due anni tra aula e azienda",
        "Meccatronica, informatica, agroalimentare, turismo, moda: che cosa si impara in un ITS Academy, come"
        " funzionano le selezioni e quante ore si passano in azienda. Rispondono due ex allievi.",
    ),
    "servizio-civile": Topic(
        "dora",
        "it",
        24,
        60,
        "Servizio civile: scegliere il progetto e fare domanda",
        "Chi può partecipare, quanto dura, quanto si riceve al mese, che cosa lascia. Guardiamo insieme come si legge"
        " la scheda di un progetto e come si compila la domanda online con SPID o CIE.\n\n"
        "Per chi ha tra i 18 e i 28 anni.",
    ),
    "universita": Topic(
        "bussola",
        "it",
        40,
        90,
        "Scegliere l'università senza tirare a indovinare",
        "Leggere un piano di studi, capire i test di ingresso, fare i conti con affitto, tasse e ISEE. Un metodo"
        " semplice per mettere in ordine le alternative quando piacciono troppe cose, o nessuna.",
    ),
    "impresa": Topic(
        "ponte",
        "it",
        16,
        120,
        "Mettersi in proprio: dall'idea ai primi conti",
        "Che cosa vendi, a chi, e quanto deve entrare ogni mese perché stia in piedi. Si esce con una pagina di conti e"
        " l'elenco degli sportelli gratuiti che a Torino aiutano chi apre un'attività.\n\n"
        "Va bene anche un'idea ancora vaga.",
    ),
    "partita-iva": Topic(
        "ponte",
        "it",
        20,
        75,
        "Partita IVA: quando conviene e quanto resta in tasca",
        "Regime forfettario, contributi, fatture, scadenze: con tre esempi veri, dal primo incasso a quello che rimane."
        " E come riconoscere una partita IVA che nasconde un lavoro da dipendente.",
    ),
    "trent-anni": Topic(
        "bussola",
        "it",
        12,
        120,
        "Cambiare lavoro a trent'anni",
        "Un lavoro ce l'hai, ma non è quello giusto. Facciamo l'inventario di quello che sai fare, guardiamo dove è"
        " richiesto e distinguiamo che cosa si può provare senza dare subito le dimissioni.\n\n"
        "Di sera, per chi di giorno lavora.",
    ),
    "digitale": Topic(
        "officina",
        "it",
        20,
        90,
        "Mestieri digitali senza laurea",
        "Assistenza informatica, sviluppo web, grafica, analisi dei dati, e-commerce: che cosa fa chi li fa, con che"
        " contratti si comincia e quali corsi gratuiti della Regione portano davvero a un colloquio.",
    ),
    "tecnici": Topic(
        "officina",
        "it",
        18,
        75,
        "Elettricisti, manutentori, saldatori: mestieri che cercano persone",
        "Le imprese li cercano e non li trovano. Una tecnica e un artigiano raccontano la giornata, la paga, i rischi e"
        " le qualifiche che servono; poi vediamo i percorsi brevi per cominciare, a qualunque età.",
    ),
    "contratto": Topic(
        "ponte",
        "it",
        24,
        60,
        "Leggere un contratto prima di firmarlo",
        "Tempo determinato, somministrazione, collaborazione, apprendistato: dove guardare per prima cosa, che cosa"
        " chiedere, quando prendersi un giorno per pensarci. Leggiamo insieme una busta paga riga per riga.",
    ),
    "cura": Topic(
        "bussola",
        "it",
        18,
        90,
        "Lavorare nella cura: OSS, educatori, assistenza in famiglia",
        "Tre lavori vicini e molto diversi: titoli richiesti, turni, contratti, fatica e soddisfazioni. Come ci si"
        " qualifica mentre si lavora, e come far valere l'esperienza fatta in casa propria.",
    ),
    "genitori": Topic(
        "dora",
        "it",
        30,
        75,
        "Per chi accompagna: la scelta delle superiori vista da casa",
        "Per madri, padri e chi ne fa le veci: come parlare di scuola senza decidere al posto loro, che cosa chiedere"
        " agli open day, che cosa dicono, e non dicono, i voti e il consiglio orientativo.",
    ),
    "working-in-italy": Topic(
        "ponte",
        "en",
        20,
        90,
        "Working in Italy: documents, contracts and your rights",
        "Codice fiscale, residence permit, SPID, the job centre: what you need first and in which order. Then how to"
        " read an Italian contract and payslip, and where to go, free of charge, if something is wrong.\n\n"
        "In plain English. Questions in French and Spanish are welcome.",
    ),
    "italian-cv": Topic(
        "bussola",
        "en",
        8,
        90,
        "Your CV for the Italian job market",
        "What recruiters in Turin expect to see, what to leave out, and how to explain degrees and jobs from another"
        " country. Bring your CV in any language: we work on it together, one page at a time.",
    ),
    "abroad": Topic(
        "dora",
        "en",
        25,
        75,
        "A year abroad: EURES, Erasmus+ and the first three months",
        "Internships, seasonal work, volunteering with the European Solidarity Corps: who pays for what, and when to"
        " apply. With a checklist for housing, health insurance and tax, and the stories of two who came back.",
    ),
    "recognition": Topic(
        "officina",
        "en",
        14,
        60,
        "Getting your foreign qualification recognised",
        "Declaration of value, CIMEA statement, regulated professions: which one you need, what it costs and how long"
        " it takes. And what you can do in the meantime with the skills you already have.",
    ),
    "interviews": Topic(
        "bussola",
        "en",
        6,
        120,
        "Job interviews in Italian: practise and feel ready",
        "Six people, two hours, real questions. We explain in English and practise in Italian: introducing yourself,"
        " talking about money, asking questions of your own. From level A2.",
    ),
}


@dataclass(frozen=True)
class Slot:
    """A place in the timetable, which repeats every two weeks. ``week`` is 0 or 1, ``weekday`` 0 on Mondays."""

    week: int
    weekday: int
    start: time  # in Turin
    topic: str
    people: int  # how many have booked already; those beyond the capacity wait
    opens_before: int | None = None  # days before the session; None: it can be booked at once


TIMETABLE = (
    Slot(0, 0, time(10, 0), "primo-lavoro", 11),
    Slot(0, 0, time(17, 30), "curriculum", 11),
    Slot(0, 1, time(14, 30), "working-in-italy", 9),
    Slot(0, 1, time(18, 30), "trent-anni", 12),
    Slot(0, 2, time(9, 30), "digitale", 7),
    Slot(0, 2, time(15, 0), "dopo-diploma", 33),
    Slot(0, 2, time(18, 0), "impresa", 5),
    Slot(0, 3, time(11, 0), "italian-cv", 10),
    Slot(0, 3, time(17, 0), "servizio-civile", 23),
    Slot(0, 4, time(10, 0), "contratto", 3),
    Slot(0, 4, time(16, 0), "tecnici", 8),
    Slot(0, 5, time(10, 0), "genitori", 19),
    Slot(1, 0, time(9, 30), "cura", 4),
    Slot(1, 0, time(18, 0), "colloquio", 13),
    Slot(1, 1, time(10, 30), "recognition", 6),
    Slot(1, 1, time(17, 30), "its", 12),
    Slot(1, 2, time(14, 0), "curriculum", 5),
    Slot(1, 2, time(18, 30), "partita-iva", 20),
    Slot(1, 3, time(10, 0), "interviews", 6),
    Slot(1, 3, time(16, 30), "universita", 21),
    Slot(1, 4, time(11, 0), "abroad", 2),
    Slot(1, 4, time(15, 0), "digitale", 0),
    Slot(1, 5, time(10, 0), "primo-lavoro", 0, opens_before=4),
)

# Invented, as they would be in Turin.
NAMES = (
    "Giulia Ferrero",
    "Marco Bianchi",
    "Amina El Idrissi",
    "Luca Gallo",
    "Chiara Bruno",
    "Andrei Popescu",
    "Sara Marino",
    "Davide Costa",
    "Fatou Diop",
    "Matteo Giordano",
    "Elena Rizzo",
    "Omar Benali",
    "Martina Conti",
    "Nicolae Ionescu",
    "Alice Barbero",
    "Jin Zhang",
    "Francesca Greco",
    "Simone Villa",
    "Blessing Okafor",
    "Riccardo Moretti",
    "Beatrice Serra",
    "Karim Haddad",
    "Noemi Fontana",
    "Paolo Ricci",
    "Lucía Quispe",
    "Stefano Longo",
    "Irene Leone",
    "Tommaso Vitale",
    "Ana Hoxha",
    "Gabriele Testa",
    "Valentina Ferri",
    "Youssef Amrani",
    "Camilla Pagano",
    "Edoardo Riva",
    "Svitlana Kovalenko",
    "Giorgia Sala",
    "Leonardo Cattaneo",
    "Mirela Dumitru",
    "Aurora Bassi",
    "Pietro Guerra",
    "Zineb Tazi",
)
