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


def others(count: int, seed: int = 7) -> list[str]:
    """As many different texts about the topics of the set, of one or two sentences; the same for the same seed."""
    chance = random.Random(seed)
    made: dict[str, None] = {}
    while len(made) < count:
        parts = _PARTS[chance.choice(("en", "en", "de", "es"))]
        sentences = 2 if chance.random() < 0.4 else 1
        made[" ".join(_sentence(parts, chance) for _ in range(sentences))] = None
    return list(made)


def _sentence(parts: Sequence[Sequence[str]], chance: random.Random) -> str:
    return " ".join(chance.choice(part) for part in parts)


def world(size: int) -> list[str]:
    """The problems of the labelled set, in its order, among others; near misses are asked for and not in it."""
    texts = [each.text for each in labelled()]
    return [*texts, *others(size - len(texts))]
