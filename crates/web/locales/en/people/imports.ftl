# Imports of people: all of them, handing a file in, what its columns say of somebody, how one stands. Words that imports of
# feedback have too are theirs.

pimports-title = Imports of people
pimports-lead = Files of people that were taken in, newest first
pimports-none = No file of people has been taken in yet
pimports-none-next = Hand in a list of people that another system has. You see what it would become before anything is kept.
pimports-new = New
pimports-updated = Updated
pimports-unchanged = As before
pimports-silent = Say nothing
pimports-partial = Taken in in part
pimports-about = From { $source }, { $size }, handed in { $at }
pimports-head-one = Import of { $file }: people

pimports-new-title = Import people
pimports-new-lead = A list of people that another system has, in a spreadsheet or as delimited text.
pimports-source-hint = The system or list: housing, council tax. The same reference of the same source is the same person, also in the next file.
pimports-then-seen = You see what each column is taken for and how ten rows would be read, before anything is kept.
pimports-then-found = Each person is looked for among those who are known; where a machine can’t tell, you are asked.
pimports-then-twice = The same file twice adds nothing. What a later file says otherwise is kept beside what was said before, and an import can be undone.

pimports-looked-at =
    { $count ->
        [one] { $count } row was looked at.
       *[other] { $count } rows were looked at, from the beginning of the file.
    }
pimports-would-be-sent-back =
    { $count ->
        [one] { $count } of them would be sent back with a reason.
       *[other] { $count } of them would be sent back with a reason.
    }
pimports-would-be-partial =
    { $count ->
        [one] { $count } of them would be taken in without something that can’t be read.
       *[other] { $count } of them would be taken in without something that can’t be read.
    }
pimports-would-be-silent =
    { $count ->
        [one] { $count } of them says nothing of anybody and would be left out.
       *[other] { $count } of them say nothing of anybody and would be left out.
    }
pimports-known-none = Nobody is known from “{ $source }” so far.
pimports-known =
    { $count ->
        [one] { $count } person is known from this source so far.
       *[other] { $count } people are known from this source so far.
    }
pimports-reached = Email, phone
pimports-without = Without this.
pimports-says-nothing = This row says nothing of anybody. It is left out.
pimports-before-what = On { $day }. Who is known already stays as they are; what is said otherwise by now is kept as another version.
pimports-columns-what = Found by their headings. Change what is wrong and look again. A column that nothing is known of is left out, unless you make it an attribute.
pimports-day-first = Day first: 31/12/1980
pimports-month-first = Month first: 12/31/1980
pimports-middle-names = Middle names
pimports-full-name = Whole name
pimports-house-number = House number
pimports-needs = Needs, in words
pimports-need = Need, yes or no: { $need }
pimports-number = Number: { $scheme }
pimports-consent = Consent (not used yet)
pimports-reason-consent = Consents are recognised, and not used yet.
pimports-reason-said = As you said
pimports-reason-heading = By its heading
pimports-reason-first = The first column says what the source calls a person
pimports-reason-unknown = Nothing is known of this heading

pimports-nothing-new = Nothing in this file was new.
pimports-rejected = Rows that were not taken in, or in part
pimports-rejected-what =
    { $count ->
        [one] { $count } row could not be taken in as a whole. Put it right in the file below and hand it in again.
       *[other] { $count } rows could not be taken in as a whole. Put them right in the file below and hand it in again.
    }
pimports-became = What became of it
pimports-taken-in-part = Taken in without this
pimports-download = Download these rows (CSV)
pimports-undone = Everything that this file brought was taken out again.
pimports-undone-but =
    { $count ->
        [one] What this file brought was taken out again, but for { $count } record on which something stands.
       *[other] What this file brought was taken out again, but for { $count } records on which something stands.
    }
pimports-kept = Records that stay
pimports-person = Person
pimports-person-of = Person of row { $row }
pimports-undo-what =
    { $count ->
        [one] { $count } record that this file made will be taken out again. Who is left without any record is removed.
       *[other] { $count } records that this file made will be taken out again. Who is left without any record is removed.
    }
pimports-undo-stays = Records on which something stands stay: contacts that point at them, decisions about who is the same person, something newer from the same source.
