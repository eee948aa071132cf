# What is done for a person: told what is kept of them, erased, marked as deceased.

care-title = For this person
care-deceased = This person has died
care-deceased-on = This person died on { $day }
care-deceased-change = Change or take back
care-do-not-contact = Do not contact
care-erased-email = Somebody with this email address was erased on { $at }. Do not write to them without their agreement.
care-erased-phone = Somebody with this phone number was erased on { $at }. Do not call or write to them without their agreement.
care-erased-account = Somebody with this account was erased on { $at }. Do not write to them without their agreement.
care-erased-key = Somebody whom this source called the same was erased on { $at }. Do not write to them without their agreement.
care-erased = Somebody who may be the same was erased on { $at }. Do not write to them without their agreement.

export-link = Take away what we hold
export-title = Take away what we hold
export-head = What we hold of { $name }: people
export-what = One ZIP file with everything that is kept of this person: what each source told, why it is one person, who looked at it and why, their contacts and their own words as they wrote them. It holds a page to read (person.html) and a document for programs (person.json). That it was taken away is written down.
export-third = Look through it before you hand it over: notes of colleagues may tell of somebody else.
export-do = Download person.zip
exported-title = What { $body } holds about you
exported-made = Put together on { $at }. Of whoever works here it says that somebody did, and not who.
exported-nothing = Nothing is held of
exported-stays = What stays when you ask to be erased

erase-link = Erase this person
erase-title = Erase this person
erase-head = Erase { $name }: people
erase-goes = What goes
erase-for-good = It can’t be undone, by nobody.
erase-goes-records =
    { $count ->
        [one] 1 record of a source, with name, date of birth and address
       *[other] { $count } records of sources, with names, dates of birth and addresses
    }
erase-goes-handles =
    { $count ->
        [0] No way to reach them
        [one] 1 way to reach them
       *[other] { $count } ways to reach them
    }
erase-goes-comments =
    { $count ->
        [0] No comments
        [one] 1 comment, with how it was read
       *[other] { $count } comments, with how they were read
    }
erase-goes-contacts =
    { $count ->
        [0] No contacts
        [one] 1 contact: it is nobody’s afterwards, or goes as well, as you choose below
       *[other] { $count } contacts: they are nobody’s afterwards, or go as well, as you choose below
    }
erase-goes-rest = Why we think it is one person, notes, reasons for which somebody looked, wishes to hear back, files of imports that have been read, rows that were sent back
erase-export-first = Take away what we hold before it is gone
erase-stays = What stays, and why
erase-stays-what = What
erase-stays-why = Why
erase-stays-until = Until
erase-extent = How much is erased?
erase-extent-words = That there was a contact stays, with day, service and rating, and is nobody’s. Counts stay true.
erase-extent-everything = Ratings and contacts go as well. Counts of the past become smaller.
erase-extent-choose = Choose how much is erased.
erase-reason = Why?
erase-reason-choose = Choose why this person is erased.
erase-confirm = Type { $word } to confirm
erase-confirm-hint = So that nobody is erased by accident.
erase-confirm-wrong = Type { $word } to confirm that this person is to be erased.
erase-do = Erase for good

deceased-link = Mark as deceased
deceased-title = Mark as deceased
deceased-head = Mark { $name } as deceased: people
deceased-what = It is shown first on this person’s page, and nothing is sent to them any more. Their records stay.
deceased-day = Day of death
deceased-day-hint = Day, month and year: 7/3/2024. Leave it empty if it is not known.
deceased-day-wrong = Write the day of death as day, month and year, for example 7/3/2024, or leave it empty.
deceased-note-hint = For example who told us.
deceased-do = Mark as deceased
deceased-undo-title = Told by mistake?
deceased-undo-what = This person is then treated as before.
deceased-undo = Take it back

done-person-erased = The person is erased. What is left of them in files is cleared now.
done-person-deceased = This person is marked as deceased.
done-person-not-deceased = This person is not marked as deceased any more.

hooks-event-person-erased = Person erased
users-may-erase-people = Erase people, for good
duty-data_protection-what = Sees people with a reason, gives them what is kept of them, and erases it.
