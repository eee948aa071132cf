# The first run: the first administrator, and what a new body has to say about itself.

welcome-first-title = Be the first to sign in
welcome-first-what = Nobody may sign in here yet. You become the administrator: you can add colleagues later, and make any of them one too.
welcome-first-name = Your name
welcome-first-password-hint = At least 12 characters. Three or four words that do not belong together are good.
welcome-first-do = Begin
welcome-gone-title = This address is not good any more
welcome-gone-what = It works once, for one day, and only until there is an administrator.
welcome-gone-next = If you have an account, sign in. If nobody has, start the server again: it prints a new address.

welcome-title = Set up
welcome-what = Three short steps. You can leave at any time and come back; everything can be changed later in Settings.
welcome-progress = Step { $step } of { $of }
welcome-done = Done
welcome-step-1 = Your body
welcome-step-2 = Your first service
welcome-step-3 = Your first feedback
welcome-save = Save and go on
welcome-skip = Skip this step
welcome-later = Leave, and go on later

welcome-name = Name of the body
welcome-name-hint = As people know it: the council, the agency, the association
welcome-word = Word for a person
welcome-word-hint = One person you deal with, in small letters: resident, citizen, customer, tenant, member of the public
welcome-zone = Time zone
welcome-zone-hint = Days and weeks are counted in it

welcome-service = Service
welcome-service-hint = Something that you do for people, for example Blue Badge or Housing repairs
welcome-touchpoints = Its touchpoints
welcome-touchpoints-hint = The moments of the journey through it, in order, one in each line. Change these to your own words.
welcome-touchpoint-find-out = Find out
welcome-touchpoint-apply = Apply
welcome-touchpoint-wait = Wait
welcome-touchpoint-use = Use
welcome-touchpoint-complain = Complain

welcome-import = Import what you have
welcome-import-what = A spreadsheet with comments or ratings, from a survey or another system. You see what it would become before anything is kept.
welcome-import-do = Import a file
welcome-form = Ask for it
welcome-form-what = A form for your website, an email or a poster, in English and Welsh. Everybody can use it, without an account.
welcome-form-do = Make a form
welcome-entry = Key in what came
welcome-entry-what = Calls, letters, paper forms and what was said in person, one after another.
welcome-entry-do = Key in the first
welcome-zone-unknown = Choose a time zone of the list, for example Europe/London.
