"""The texts of a station's page, by name; the page carries them in every language.

A station changes its language with no network, so they cannot be written into the page by its
template like others.
"""

from flask_babel import force_locale

from jobfair.kit.i18n import LANGUAGES, N_, translate

WORDS = {
    "station": N_("Station"),
    "otherLanguage": N_("中文"),
    "pairTitle": N_("Pair this device"),
    "pairLead": N_(
        "Ask the manager of the fair or of the journey for the digits of your place, or scan the "
        "code shown."
    ),
    "code": N_("Digits of the code"),
    "pair": N_("Pair"),
    "pairBack": N_("Back to the station"),
    "where": N_("This phone works at"),
    "morePlaces": N_("Pair for another place"),
    "noServer": N_("The server does not answer. Check the network and try again."),
    "undelivered": N_(
        "%(n)s records are still on this device. Pair it again and they are delivered."
    ),
    "insecureTitle": N_("A station cannot work here"),
    "insecure": N_(
        "This address has no HTTPS, or this browser cannot keep a page for use without a network. "
        "Open it by https:// in the phone's own browser, not inside another app."
    ),
    "online": N_("Connected"),
    "offline": N_("No network: everything is kept on this device"),
    "waiting": N_("%(n)s not yet sent"),
    "known": N_("%(n)s cards known, as of %(at)s"),
    "update": N_("New version: use it"),
    "ready": N_("Ready"),
    "readyMore": N_("Scan a card, or type its code below."),
    "stored": N_("Stored on this device"),
    "storedToo": N_("stored on this device, not yet sent"),
    "isIn": N_("Checked in"),
    "isAgain": N_("Was in before"),
    "isOut": N_("Went out"),
    "undone": N_("Taken back"),
    "isUnknown": N_("This card is not known. Send the person to the desk."),
    "isRevoked": N_("This card was replaced or withdrawn. Send the person to the desk."),
    "isUnreadable": N_("This is no card of ours. Try again, or search by name."),
    "isSlip": N_("A character is wrong. Read the code once more."),
    "first": N_("first at %(at)s, %(place)s"),
    "undo": N_("Take back the last scan"),
    "undoLast": N_("Take back the last record"),
    "other": N_("It was another person"),
    "isExpected": N_("Read the right person's card"),
    "putRight": N_("the wrong record is taken back"),
    "text": N_("Card code, or a scanner's text"),
    "enter": N_("Enter"),
    "camera": N_("Camera"),
    "photo": N_("Photo of the code"),
    "direction": N_("Going out"),
    "cameraFault": N_("The camera cannot be used. Take a photo of the code, or type it."),
    "searchTitle": N_("No card at hand"),
    "search": N_("Name, ID number or telephone"),
    "find": N_("Find"),
    "searchOffline": N_("Searching needs the server. Type the card's code, or let the desk help."),
    "nobody": N_("Nobody found. Let the desk register the person."),
    "noCard": N_("no card yet"),
    "walkIn": N_("Register somebody new"),
    "nameLabel": N_("Name"),
    "idNumberLabel": N_("ID number"),
    "phoneLabel": N_("Phone"),
    "addressLabel": N_("Home, if not as the ID number says"),
    "wishesLabel": N_("Work wanted"),
    "agreed": N_("The person has heard the consent text and agrees to it"),
    "register": N_("Register and check in"),
    "needsName": N_("Enter the person's name"),
    "needsNumber": N_("This is no ID number: check its 18 characters."),
    "needsPhone": N_("This is no telephone number. Correct it or leave it empty."),
    "needsConsent": N_("The person must agree to the consent text before being registered."),
    "noBlanks": N_("No blank card is left on this device. Connect it to get more."),
    "giveCard": N_(
        "Let the person photograph this code, or write its number on a slip. It is their card."
    ),
    "next": N_("Next person"),
    "toComplete": N_("Is in; the office completes the registration"),
    "isMet": N_("At the booth"),
    "isKept": N_("Recorded"),
    "isOffered": N_("Post held: offer made"),
    "isPromised": N_("Promised from the booth's reserve"),
    "isRequested": N_("No network: a wish is kept, nothing is promised"),
    "isAccepted": N_("Accepted: the post is taken"),
    "isRefused": N_("Cannot be done"),
    "position": N_("Position"),
    "postsLeft": N_("%(title)s · %(n)s left"),
    "offer": N_("Make an offer"),
    "second": N_("Second round"),
    "decline": N_("Does not want it"),
    "join": N_("Into the queue"),
    "accepts": N_("The person accepts"),
    "refuses": N_("The person refuses"),
    "why": N_("Why not suitable"),
    "unsuitable": N_("Not suitable"),
    "elsewhere": N_("Where else the person fits"),
    "otherBooth": N_("%(employer)s: %(title)s · %(ahead)s waiting, about %(minutes)s minutes"),
    "noOther": N_("No other booth with posts left suits this person."),
    "group": N_("Group interview"),
    "groupLead": N_("Scan everybody, choose what came of each, then record all at once."),
    "groupSave": N_("Record all"),
    "groupSaved": N_("%(n)s results"),
    "chooseOutcome": N_("Nothing yet"),
    "chooseReason": N_("Choose a reason"),
    "choosePosition": N_("Choose the position first."),
    "callNext": N_("Call the next"),
    "lineOf": N_("Queue: %(n)s waiting"),
    "away": N_("Not there"),
    "back": N_("Is back"),
    "leave": N_("Take off"),
    "reserve": N_("%(n)s posts may be promised without a network"),
    "turn": N_("%(title)s: a post is free again. Next: %(who)s, told at %(at)s."),
    "betterTitle": N_("Wait too long here: send them on"),
    "betterBooth": N_("%(number)s to %(employer)s, about %(minutes)s minutes there"),
    "yourNumber": N_("Number %(number)s · %(ahead)s ahead, about %(minutes)s minutes"),
    "until": N_("to be answered by %(at)s"),
    "place_waiting": N_("Waiting"),
    "place_called": N_("Called"),
    "place_away": N_("Called, not there"),
    "place_talked": N_("Talked"),
    "place_gone": N_("Left the queue"),
    "outcome_second": N_("Second round"),
    "outcome_unsuitable": N_("Not suitable"),
    "outcome_decline": N_("Does not want it"),
    "recent": N_("Last scans"),
    "isBoarded": N_("On board now"),
    "isArrived": N_("Has arrived here"),
    "isHandedOver": N_("Handed over to the employer"),
    "isDeparting": N_("The journey has departed"),
    "isReached": N_("The journey has arrived"),
    "journey_departs": N_("Everybody is on board: depart"),
    "journey_reached": N_("The vehicles have arrived"),
    "isTwice": N_("Ticked before"),
    "isNotListed": N_("Not on the roster of this journey"),
    "seenAt": N_("at %(at)s"),
    "handing": N_("Handing over to the employer"),
    "batchCount": N_("%(n)s of %(of)s"),
    "tick_boarded": N_("Boards"),
    "tick_arrived": N_("Arrives"),
    "tick_handed_over": N_("Hand over"),
    "settings": N_("This station"),
    "place": N_("Place, as others read it"),
}


def in_every_language() -> dict[str, dict[str, str]]:
    """Return the texts by language and name, their parameters still in them."""
    found = {}
    for code in LANGUAGES:
        with force_locale(code):
            found[code] = {name: translate(text) for name, text in WORDS.items()}
    return found
