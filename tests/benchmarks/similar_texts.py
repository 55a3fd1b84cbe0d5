"""Texts to find similar ones among: our labelled set, and any number of others about the same topics."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

#: Who does what with what, and why: put together they sound like the labelled set, and speak of the same things.
_PARTS: dict[str, tuple[tuple[str, ...], ...]] = {
    "en": (
        (
            *("Support", "Sales", "Legal", "Finance", "The platform team", "Product managers", "Designers"),
            *("Customers", "The identity team", "Research", "Marketing", "New people", "Two teams"),
            *("Our office", "The data team", "Procurement", "Security", "Engineering", "Account managers"),
        ),
        (
            *("waits three weeks for", "never hears about", "has to retype", "cannot find", "repeats"),
            *(
                "loses track of",
                "argues about",
                "reviews too late",
                "has no overview of",
                "owns only half of",
            ),
            *("rebuilds by hand", "is interrupted by", "gets different answers about", "has no access to"),
            *("learns only by accident about", "keeps a separate list of", "pays twice for", "reopens"),
        ),
        (
            *("release notes", "the cloud bill", "feature flags", "event names", "the roadmap"),
            *("test environments", "customer interviews", "dashboards", "access requests"),
            *("incident follow-ups", "pricing changes", "contract templates", "the planning calendar"),
            *("experiment results", "help centre articles", "API changes", "expense reports"),
            *("training material", "decisions of the council", "custom requests", "translations"),
            *("the backlog", "work items in the tracker", "sales decks", "privacy changes", "launch dates"),
            *("security reviews", "active user numbers", "survey results"),
        ),
        (
            *("because nobody owns it.", "since every team does it its own way.", "so work is done twice."),
            *(
                "because two systems are not linked.",
                "as the rule is written nowhere.",
                "each quarter again.",
            ),
            *("because it comes at the end.", "since the queue is invisible.", "and customers notice first."),
            *("because three approvals are needed.", "so nobody trusts the numbers.", "and it takes weeks."),
        ),
    ),
    "de": (
        (
            *("Der Support", "Der Vertrieb", "Die Rechtsabteilung", "Das Controlling", "Das Plattform-Team"),
            *("Das Produktmanagement", "Das Design", "Die Kundschaft", "Das Anmelde-Team", "Die Forschung"),
            *("Das Marketing", "Wer neu ist", "Die Entwicklung", "Unser Büro", "Der Einkauf"),
        ),
        (
            *("wartet drei Wochen auf", "hört nie etwas über", "tippt von Hand ab:", "findet nicht:"),
            *("wiederholt", "verliert den Überblick über", "streitet über", "prüft zu spät:"),
            *("hat keinen Zugang zu:", "baut von Hand nach:", "bekommt verschiedene Antworten auf"),
            *("führt eine eigene Liste für", "zahlt doppelt für", "rollt wieder auf:", "vergisst"),
        ),
        (
            *("die Versionshinweise", "die Cloud-Rechnung", "alte Schalter im Code", "den Fahrplan"),
            *("die Namen der Ereignisse", "die Testumgebung", "Interviews mit Kunden", "die Dashboards"),
            *("Freigaben", "Maßnahmen nach Störungen", "neue Preise", "Vertragsvorlagen", "Spesen"),
            *("die Ergebnisse der Experimente", "die Hilfeseiten", "Änderungen der Schnittstelle"),
            *("die Schulung", "Entscheidungen der Runde", "Sonderwünsche", "Übersetzungen"),
            *("Aufgaben im System", "Sicherheitsprüfungen", "Zahlen zu aktiven Nutzern"),
        ),
        (
            *("weil niemand zuständig ist.", "weil jedes Team es anders macht.", "und das erst am Ende."),
            *("weil zwei Systeme nicht verbunden sind.", "denn die Regel steht nirgends."),
            *("und die Schlange sieht man nicht.", "sodass alles doppelt gemacht wird."),
            *("und die Kunden merken es zuerst.", "weil drei Unterschriften nötig sind.", "jedes Quartal."),
        ),
    ),
    "es": (
        (
            *("Soporte", "Ventas", "Legal", "Finanzas", "El equipo de plataforma", "Producto", "Diseño"),
            *("La clientela", "El equipo de identidad", "Investigación", "Marketing", "Quien llega nuevo"),
            *("Desarrollo", "Nuestra oficina", "Compras"),
        ),
        (
            *("espera tres semanas por", "nunca se entera de", "copia a mano", "no encuentra", "repite"),
            *("pierde de vista", "discute por", "revisa demasiado tarde", "no tiene acceso a", "olvida"),
            *("rehace a mano", "recibe respuestas distintas sobre", "lleva una lista propia de", "reabre"),
            "paga dos veces por",
        ),
        (
            *("las notas de lanzamiento", "la factura de la nube", "los interruptores antiguos"),
            *("los nombres de eventos", "la hoja de ruta", "el entorno de pruebas", "los paneles"),
            *("las entrevistas con clientes", "los permisos", "las acciones después de incidentes"),
            *("los precios", "las plantillas de contrato", "el calendario", "los gastos de viaje"),
            *("los resultados de experimentos", "los artículos de ayuda", "los cambios de la API"),
            *("la formación", "las decisiones del comité", "las peticiones a medida", "las traducciones"),
            *("las tareas de la herramienta", "las revisiones de seguridad", "las cifras de usuarios"),
        ),
        (
            *("porque nadie es responsable.", "porque cada equipo lo hace a su manera.", "y llega al final."),
            *("porque dos sistemas no están conectados.", "ya que la regla no está escrita."),
            *("y la cola no se ve.", "así que todo se hace dos veces.", "otra vez cada trimestre."),
            *("y los clientes lo notan primero.", "porque hacen falta tres aprobaciones."),
        ),
    ),
}


#: What it costs people: two whom the same problem hits rarely say the same.
_COSTS: dict[str, tuple[str, ...]] = {
    "en": (
        "We answer questions about things that we have not seen, and lose about a morning a week.",
        "For us this means two days a month of asking around.",
        "I have to call three people before I can begin.",
        "We end up working late in the last week of each month.",
        "For us it means that we guess, and guess wrong about once a week.",
        "My team has stopped planning for it and keeps Fridays free.",
        "We lose trust with the people we talk to.",
        "It takes us roughly five hours a week, mostly in chat.",
        "For me this means explaining the same thing again and again.",
        "We deliver later than we said, and nobody knows why.",
    ),
    "de": (
        "Für uns heißt das zwei Tage im Monat Herumfragen.",
        "Wir verlieren etwa fünf Stunden in der Woche, meist im Chat.",
        "Ich muss drei Leute anrufen, bevor ich anfangen kann.",
        "Wir raten, und einmal in der Woche raten wir falsch.",
        "Am Monatsende arbeiten wir deshalb bis in den Abend.",
        "Mein Team plant dafür gar nicht mehr und hält Freitage frei.",
    ),
    "es": (
        "Para nosotros son dos días al mes preguntando.",
        "Perdemos unas cinco horas a la semana, casi siempre en el chat.",
        "Tengo que llamar a tres personas antes de empezar.",
        "Adivinamos, y una vez por semana adivinamos mal.",
        "A final de mes trabajamos hasta la noche.",
        "Mi equipo ya no cuenta con ello y deja libres los viernes.",
    ),
}


@dataclass(frozen=True, slots=True)
class Item:
    """A problem with its twin in other words, another problem of the same topic, and perhaps a hard twin."""

    lang: str
    text: str
    twin: str
    miss: str
    hard: str | None = None


@cache
def labelled() -> tuple[Item, ...]:
    """All items of the set, in its order: even ones are for calibrating, odd ones are held out."""
    path = Path(__file__).with_name("data") / "similar.yml"
    return tuple(Item(**each) for each in yaml.safe_load(path.read_text(encoding="utf-8")))


def held_out() -> tuple[Item, ...]:
    return labelled()[1::2]


def cost(lang: str, number: int) -> str:
    """What a problem costs somebody, in this language; another one for the next number."""
    return _COSTS[lang][number % len(_COSTS[lang])]


def others(count: int, seed: int = 7) -> list[tuple[str, str]]:
    """As many different problems about the topics of the set, each with what it costs; the same for the same seed."""
    chance = random.Random(seed)
    made: dict[str, str] = {}
    while len(made) < count:
        lang = chance.choice(("en", "en", "de", "es"))
        sentences = 2 if chance.random() < 0.4 else 1
        title = " ".join(_sentence(_PARTS[lang], chance) for _ in range(sentences))
        made[title] = cost(lang, chance.randrange(100))
    return list(made.items())


def _sentence(parts: Sequence[Sequence[str]], chance: random.Random) -> str:
    return " ".join(chance.choice(part) for part in parts)


def world(size: int) -> list[tuple[str, str]]:
    """Title and hardship of the labelled problems, in their order, among others; near misses are not in it."""
    known = [(each.text, cost(each.lang, place)) for place, each in enumerate(labelled())]
    return [*known, *others(size - len(known))]
