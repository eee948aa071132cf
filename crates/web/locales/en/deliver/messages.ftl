# Messages: what is written to people.

messages-nav = Messages
messages-title = Messages
messages-head = Messages: what is written to people
messages-what = What is written to people, in English and Welsh. A version that was sent is never changed.
messages-add = Write a message
messages-none = There is no message yet.

message-head = { $name }: message
message-new-title = New message
message-change-head = Change { $name }
message-back = Back without saving
message-english = English
message-welsh = Welsh
message-no-team = No team
message-by-server = Operator of the server, or another system
message-write = What it says
message-name = Name
message-name-hint = Colleagues find it by this name. The public never sees it.
message-team = Team
message-team-hint = The team whose message it is.
message-subject = Subject
message-body = Message
message-body-hint = Plain text with simple marks. Leave a language empty if the message is not in it.
message-save-do = Save message
message-check-do = Check without saving
message-in-language = { $language }: { $what }

message-help = How to write it
message-help-value = Puts in what is known of each person.
message-help-optional = Shows the text only to people whose value is “yes”.
message-help-heading = A heading. Use ## for one below it.
message-help-list = A point of a list. Use 1. for numbers.
message-help-link = A link. Say in words where it leads to.
message-help-image = An image, with words for people who can’t see it.
message-help-known = Known of people are ((name)), ((first name)), ((last name)), ((town)), ((postcode)) and whatever your lists of people add. Somebody of whom a value is not known does not get the message.

message-looked = { $language }: how it reads
message-words = { $words ->
    [one] One word
   *[other] { $words } words
}, { $sentences ->
    [one] one sentence.
   *[other] { $sentences } sentences.
}
message-ease-plain = It is easy to read.
message-ease-hard = It is hard to read: use shorter words and sentences.
message-ease-very-hard = It is very hard to read: use much shorter words and sentences.
message-uses = It uses { $fields }.
message-no-advice = There is nothing to advise.
message-advice = Could be better
message-long-sentence = Line { $line }: the sentence that begins “{ $begins }” has { $words } words. Make two of it.
message-as-sms = As a text message
message-sms-count = { $characters ->
    [one] One character
   *[other] { $characters } characters
}, sent and paid for as { $parts ->
    [one] one text message.
   *[other] { $parts } text messages.
} Values that are longer than their names make it longer.
message-sms-unicode = These characters make each text message hold 70 characters in place of 160: { $characters }
message-sms-not = It can’t be sent as a text message.

message-version = Version
message-version-number = Version { $version }
message-version-shown = Version { $version } (shown here)
message-first-written = First written
message-versions = Versions
message-versions-what = Saving makes a new version. What was sent or approved stays what it was.
message-by = Written by
message-at = When
message-is-old = This is an older version.
message-newest = See the newest
message-change = Change
message-preview = Preview
message-text-of = Text in { $language }

message-preview-head = Preview of { $name }
message-preview-title = Preview: { $name }
message-preview-for = For whom
message-preview-language = Language
message-preview-person = For a person
message-preview-person-hint = The address of their page in the console. You need to have opened it today. Their own values and language are used.
message-preview-no-person = There is no such person. Copy the address of their page, such as /people/ and what follows.
message-preview-do = Show
message-preview-missing = Not known: { $fields }. The message would not be sent to this person. Here the names stand in their places.
message-preview-blank = Nothing stands in { $fields }. The message would be sent and read badly.
message-preview-email = As an email, in { $language }
message-preview-frame = The email as it is shown
message-preview-fill = Show the email with these values
message-preview-text = As plain text
message-preview-text-what = For people whose mail program shows no formatting.

done-message-added = The message is saved.
done-message-changed = The message is saved.
