# Console: Forms.

forms-title = Forms
forms-what = Pages on which the public says how it went. Each asks about one service; its answers are in the Explorer within about a second.
forms-new = Make a form
forms-none = No forms yet
forms-none-what = A form gives you an address to put on your website, in an email or on a poster. Everybody can use it, without an account.
forms-none-services = A form asks about a service. Add your services first.
forms-add-services = Add services
forms-form = Form
forms-about = Asks about
forms-answers = Answers
forms-last = Last answer
forms-state = State
forms-never = None yet
forms-open = Open
forms-closed = Closed
forms-waiting = { $count ->
    [one] 1 person waits to hear back
   *[other] { $count } people wait to hear back
}

forms-new-title = Make a form
forms-title-label = Title
forms-title-hint = The heading of the page, for example: Your feedback on parking permits
forms-place = Asks about
forms-place-hint = Answers are kept under this service, or this moment in it
forms-place-none = Choose one
forms-place-whole = { $service } (the whole service)
forms-rating = How it asks for the rating
forms-rating-five = Five points, from very satisfied to very dissatisfied
forms-rating-thumbs = Thumbs up or down
forms-rating-thumbs-hint = Kept as best or worst of two answers
forms-rating-smileys = Five faces, from very good to very poor
forms-rating-none = No rating, only words
forms-offers = It also offers
forms-offers-page = To report that something is wrong with a page
forms-offers-consent = To hear back by email
forms-offers-consent-hint = Addresses are kept apart from the answers; only administrators see them
forms-languages = Languages
forms-languages-hint = People get the one that their browser asks for, and can change it
forms-words = Questions in your own words
forms-words-what = Leave a field empty to ask in our words.
forms-words-en = English
forms-words-cy = Welsh
forms-heading = Heading
forms-heading-hint = Empty: the title above
forms-question-rating = Asks for the rating
forms-question-good = Asks what was good
forms-question-better = Asks what could be better
forms-empty = Empty: { $words }
forms-origins = Websites that may show it within their pages
forms-origins-hint = One on each line, scheme and host only: https://www.example.org. The link to the form works everywhere.
forms-pace = Most answers that it takes
forms-pace-what = From everybody together. What comes beyond it is turned away for the time being, with what people wrote still before them.
forms-per-minute = In one minute
forms-per-day = In one day
forms-save = Save form
forms-make = Make form

forms-share = Address
forms-share-what = Put this link on your website, in emails and letters. With ?page= and the address of the page after it, answers say which page people came from.
forms-widget = As a widget that opens on your own page; add the website to the list below
forms-kiosk = On a kiosk or tablet
forms-code = On a poster, a letter or a receipt
forms-code-alt = QR code that leads to the form
forms-code-download = Download QR code (SVG)
forms-look = Look at the form
forms-read = Read the answers
forms-link = Link for your website
forms-close = Close the form
forms-close-what = It takes no more answers; what was answered stays. You can open it again.
forms-reopen = Open the form again
forms-change = Change the form

forms-guard = What keeps machines out
forms-turned-away = Turned away because it takes no more: { $today } today, { $lately } in the last 30 days.
forms-turned-away-none = Nothing was turned away in the last 30 days.
forms-token-what = Each page of the form carries a signed token. Replace it when a program sends answers with tokens that it has gathered. Who has the form open for longer than the hours that you give is asked to press “Send feedback” once more, and loses nothing. The form’s address stays.
forms-token-hours = Hours for which tokens of before are good
forms-token-until = Tokens of before are good until { $until }.
forms-token-replace = Replace the token

forms-replies = People who asked to hear back
forms-replies-title = Asked to hear back: { $title }
forms-replies-what = These addresses are personal data. Each look at this page is written to the audit trail. Use an address for the answer to this feedback only, and remove it when it has served.
forms-replies-none = Nobody has asked to hear back
forms-replies-none-what = Whoever ticks the box on the form and leaves an address appears here.
forms-replies-address = Address
forms-replies-agreed = Agreed to
forms-replies-when = When
forms-replies-state = State
forms-replies-actions = What can be done
forms-replies-feedback = Read the feedback
forms-replies-waiting = Waits
forms-replies-done = Answered
forms-replies-mark = Mark as answered
forms-replies-unmark = Mark as waiting
forms-replies-remove = Remove
forms-replies-of = the wish of { $address }
forms-conflict = Somebody else changed this form while you had it open. Your input is kept below. Save again to put it in place of theirs.

forms-replies-all = People who wait to hear back
forms-replies-all-what = Each form by which people asked to hear back who have not been answered yet
forms-replies-nobody = Everybody who asked to hear back was answered.
forms-replies-people = Waiting
