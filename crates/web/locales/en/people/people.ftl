# People: found, seen, said to be the same person or not.

people-nav-find = Find people
people-nav-same = Same person?
people-nav-add = Add a record
people-nav-imports = Import people
section-people = People

people-find-title = Find people
people-find-head = Find people
people-find-what = That people were looked for is written down. What you look for stands in no address and in no log.
people-q = Name, date of birth, postcode, email address, phone number or reference
people-q-hint = Two or three of them together find fewer people: Ann Example ZX4.
people-find-do = Find
people-found =
    { $count ->
        [0] Nobody found
        [one] 1 person found
       *[other] { $count } people found
    }
people-found-more =
    { $count ->
       *[other] The first { $count } are shown. Say more to find fewer.
    }
people-found-none = Nobody fits all of that. Names are found by how they begin, in either order; a date of birth is day, month, year.
people-name = Name
people-nameless = Name not known
people-given-names = Given names
people-surname = Surname
people-born = Date of birth
people-born-hint = Day, month and year, or the year alone: 7/3/1950.
people-born-wrong = Write the date of birth as day, month and year, for example 7/3/1950, or the year alone.
people-place = Place
people-sources = Told by
people-address = Address
people-address-hint = One line each, without town and postcode.
people-town = Town
people-postcode = Postcode
people-email = Email
people-phone = Phone
people-account = Account
people-external-ids = Numbers
people-language = Language
people-language-hint = In which they want to be written to, as its code: cy for Welsh.
people-needs = Needs
people-verified = { $handle } (verified)
people-source = Where this is from
people-source-hint = A system, a call, a letter: housing, phone.
people-key = Reference there
people-key-hint = What that source calls this person. The same reference of the same source is the same person.
people-source-since = { $source }, { $at }
people-add-title = Add a record
people-add-head = Add a record
people-add-what = What one source says of somebody. Whether it is of a person who is known already is found out at once.
people-add-do = Add record
people-nothing = Say a name or a way to reach this person.

person-closed-title = Why do you need to see this person?
person-closed-head = Reason to see a person
person-closed-what = Whoever sees a person says why. The reason is kept with your name, and holds for 12 hours.
person-reason = Reason
person-reason-hint = For example: rang about a repair.
person-open-do = See this person
person-head = { $name }: people
person-born = Born { $date }
person-since = Known since { $at }
person-contacts = Everything between them and us
person-contacts-none = No contact is known yet. What comes in by the API or in a file with a reference to one of the records below appears here.
person-contacts-all = All
person-contacts-filter = Contacts by function
person-contacts-hidden = You see that there were contacts, and not what was said: that needs the duty to read feedback.
person-contact = Contact
person-contact-in = in
person-contact-out = out
person-contact-unread = What was said is not shown
person-felt = From { $first } of 5 in { $then } to { $last } of 5 in { $now }
person-felt-once = { $felt } of 5, said once
person-felt-what = How satisfied they were along their contacts, by their own ratings or read from their words.
person-felt-newest =
    { $count ->
       *[other] How satisfied they were along their newest { $count } contacts, by their own ratings or read from their words.
    }
person-felt-legend = Filled point: their rating. Hollow point: read from their words. Triangle down: from them to us; triangle up: from us to them.
person-felt-caption = Satisfaction by contact, newest first
person-felt-value = Of 5
person-felt-from = How it is known
person-felt-rated = Their rating
person-felt-read = Read from their words
person-felt-best = Satisfied
person-felt-neither = Neither
person-felt-worst = Dissatisfied
person-records = What is known, and why it is one person
person-records-what = Each source says its own. Nothing that a source said is ever changed.
person-record = { $source } { $key }, { $at }
person-why = What speaks for and against it
person-why-weight = Joined because the details agree.
person-why-handle = Joined because the same address or number was verified.
person-history = History
person-what = What was done
person-when = When
person-note = Note
person-undo = Undo
person-undo-do = Undo
person-undo-missing = Choose what is to be undone.
person-split-title = Not one person?
person-split-what = The records that you choose become a person of their own, and are never joined again by a machine. It can be undone.
person-split-which = Records of somebody else
person-split-record = { $source }: { $name }
person-split-do = Split

merge-link = Merge with another person
merge-title = Merge two persons
merge-head = Merge { $name }: people
merge-with = Which is the same person?
merge-choose = Choose the person who is the same.
merge-nobody = Nobody else fits that.
merge-what-title = Choose and merge
merge-what = The records of the person you choose will be this person’s. Nothing is lost by it, and it can be undone.
merge-do = Merge

same-title = Is this the same person?
same-head = Same person?
same-what = Suggested on { $at }. { $place } of { $all }.
same-what-over = Suggested on { $at }.
same-skip = Skip to the next
same-speaks = What speaks for and against
same-field = Field
same-agree = How the two agree
same-bits = Weight
same-before = Before looking
same-before-what = Any two records are hardly ever one person
same-household = Shared by a household
same-household-what = What a household shares is counted once
same-together = Together
same-probability = One person in { $percent } of 100 such pairs
same-decision = Your decision
same-decision-what = What you say counts more than what the machine finds, whatever comes later. Press S, N or U. Persons can be merged and split on their pages later, and that undone.
same-decided-as = Decided: { $decided }.
same-choose = Say whether this is the same person.
same-none = Nothing waits for a decision
same-none-what = When two records may be of one person and a machine can’t tell, they are shown here side by side.

done-person-told = The record is added.
done-person-opened = Your reason is kept.
done-person-split = The records are a person of their own now.
done-person-undone = It is undone.
done-person-merged-into = The person you asked for was merged into this one.
done-persons-merged = The two are one person now.
done-same-decided = Your decision is kept.

audit-about-people = People
audit-about-person = Persons
hooks-event-person-changed = Person changed
users-may-read-people = See people, with a reason, written down each time
users-may-manage-people = Say who is the same person, add records, import people
duty-caseworker-what = Sees people with a reason, and says who is the same person.
hooks-event-people-import-begun = Import of people begun
hooks-event-people-import-done = Import of people done
hooks-event-people-import-undone = Import of people undone
