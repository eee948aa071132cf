# Imports: all of them, handing a file in, what its columns mean, how one stands.

imports-title = Imports
imports-lead = Files that were taken in, newest first
imports-lead-waiting = Files that were handed in and wait to be begun, newest first
imports-lead-failed = Files on which reading broke off, newest first
imports-import = Import a file
imports-all = All imports
imports-none = No file has been taken in yet
imports-none-so = There is no such import any more.
imports-none-next = Hand in a spreadsheet of comments or ratings. You see what it would become before anything is kept.
imports-file = File
imports-handed-in = Handed in
imports-state = State
imports-taken-in = Taken in
imports-sent-back = Sent back
imports-actions = What can be done
imports-rejected-rows = rows of { $file } as a file
imports-resume = Resume
imports-undo = Undo
imports-the-import = the import of { $file }

imports-way-back = Way back
imports-state-is = State:
imports-renews = This page renews itself. You can leave it; the work goes on.
imports-progress = How much of the file is read
imports-why-stopped = Why it stopped
imports-stopped-next = What was taken in until then is kept. Resume it to go on after the last row, or undo it.
imports-undone = Everything that this file brought was taken out again.
imports-read = Read what it brought
imports-stop = Stop this import
imports-undo-this = Undo this import
imports-rejected = Rows that were sent back
imports-rejected-first = The first of them
imports-row = Row
imports-column = Column
imports-why = Why
imports-rejected-gone =
    { $count ->
        [one] They are not kept any more: rows that were sent back are deleted after a day.
       *[other] They are not kept any more: rows that were sent back are deleted after { $count } days.
    }
imports-rejected-all =
    { $count ->
        [one] { $count } row could not be taken in. Put them right in the file below and hand it in again.
       *[other] { $count } rows could not be taken in. Put them right in the file below and hand it in again.
    }
imports-download-all =
    { $count ->
        [one] Download all { $count } row (CSV)
       *[other] Download all { $count } rows (CSV)
    }
imports-rows =
    { $count ->
        [one] { $count } row
       *[other] { $count } rows
    }
imports-undo-ask = Undo the import of { $file }?
imports-undo-again = To have them back, hand the file in again.
imports-undo-nothing = Nothing of this file was taken in. Undoing it removes the file.
imports-undo-yes = Yes, undo this import
imports-undo-no = No, keep it
imports-undo-what =
    { $count ->
        [one] { $count } piece of feedback will be taken out again, with their comments, ratings and corrections. Services and touchpoints that the file named stay.
       *[other] { $count } pieces of feedback will be taken out again, with their comments, ratings and corrections. Services and touchpoints that the file named stay.
    }

imports-new-lead = Comments and ratings that somebody has already, in a spreadsheet or as delimited text.
imports-step-choose = Choose a file
imports-step-check = Check what it means
imports-step-take-in = Take it in
imports-file-hint = CSV, Excel or OpenDocument, up to { $limit }
imports-look = Look at the file
imports-then = What happens then
imports-then-seen = You see what each column is taken for and what ten rows would become, before anything is kept.
imports-then-redacted = Email addresses, phone numbers and card numbers in comments are taken out on the way in.
imports-then-rejected = Rows that can’t be taken in come back as a file with the reason for each.
imports-then-twice = The same file twice adds nothing, and an import can be undone as a whole.
imports-choose = Choose a file.
imports-empty = { $file } is empty. Choose a file with a heading row and data.
imports-too-large = The file is larger than { $limit }. Split it, or ask the administrator to import it at the command line.
imports-incomplete = The file did not arrive whole. Check the connection and send it again.

imports-check = Check what { $file } means
imports-warnings = Read this first
imports-preview = What the first rows would become
imports-preview-rejected = { $rejected } of these { $rows } would be sent back with a reason.
imports-when = When
imports-comment = Comment
imports-rating = Rating
imports-service = Service
imports-channel = Channel
imports-besides = Besides
imports-columns = What the columns mean
imports-columns-what = Found by their names and contents. Change what is wrong and look again.
imports-left-out = { $count } columns that are left out
imports-defaults = What holds for every row
imports-defaults-what = Used where the row itself says nothing.
imports-touchpoint = Touchpoint
imports-written = How the file is written
imports-sheet = Sheet
imports-heading-row = Heading row
imports-dates = Dates
imports-worst = Worst rating
imports-best = Best rating
imports-before = This file was taken in before
imports-before-what = On { $day }. Its rows are there already, and nothing is taken in twice.
imports-before-show = Show that import
imports-update = Change them into what they are read as now
imports-update-hint = For when columns were taken for something else. They stay the same feedback, with what people said of words that stay. A row that can’t come in any more stays as it is.
imports-turn = Turn the scale round
imports-scale-words = What answers in words mean
imports-scale-words-hint = As numbers, for example: Good=5, Fair=3, Bad=1. Leave it empty where the words are known.
imports-source = Where the file comes from
imports-source-hint = If files of several systems have the same headings, name the one it is: its ids are told from those of others then.
imports-scale-hint = Leave the ends of the rating scale empty to keep what was found for each column.
imports-begin = Begin import
imports-look-again = Look again
imports-give-up = Give up this file
imports-preview-nothing-kept = Nothing is kept before you begin the import.
imports-head-one = Import of { $file }
imports-undo-head = Undo the import of { $file }
imports-rows-read = Rows read
imports-already-there = Already there
imports-time-taken = Time taken
imports-about = { $size }, handed in { $at }
imports-about-to-begin = About to begin
imports-to-be-checked = To be checked
imports-about-to-go-on = About to go on
imports-rate = about { $count } rows a second
imports-left = { $time } left
imports-area = Area
imports-device = Device
imports-language = Language
imports-page = Page
imports-id = Id
imports-now = now

imports-no-heading = (no heading)
imports-not-given = Not given
imports-as-found = As found
imports-sender-id = The sender’s own id
imports-happened = When it happened
imports-question = Question that was asked
imports-main-rating = Rating, the main one
imports-page-address = Page address
imports-leave-out = Leave out
imports-person = Who it was
imports-person-email = Who it was: email address
imports-person-phone = Who it was: phone number
imports-person-reference = Who it was: reference at the source
imports-a-rating = Rating: { $name }
imports-an-attribute = Attribute: { $name }
imports-scale = { $why }; { $worst } is worst, { $best } is best
imports-bad-row = `{ $typed }` is not a row number. Count the heading row from 1; 0 means that there is none.
imports-bad-end = `{ $typed }` is not a number. Write the end of the scale, for example 5.
imports-same-ends = The worst and the best answer can’t be the same number.
imports-no-best = Say the best answer as well, or leave both empty.
imports-no-worst = Say the worst answer as well, or leave both empty.
