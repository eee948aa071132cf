# Settings: look. Colours, font and corners of the body's pages.

look-page-title = Look: settings
look-title = Look
look-about = Colours, font and corners of the console and the public forms. Errors, success and the focus ring look the same for every body, so that people can rely on them.
look-colours = Colours
look-type = Type and corners
look-part-brand = Brand
look-part-brand-text = Text on brand
look-part-action = Button
look-part-action-text = Text on button
look-part-link = Link
look-hint-brand = The bar at the top of each page
look-hint-brand-text = The body’s name in that bar
look-hint-action = The button that does what the page is for
look-hint-action-text = The words on it
look-hint-link = Links in text
look-pick = Choose: { $colour }
look-font = Font
look-font-hint = A hosted font comes from this server, never from another, and adds 27 to 53 kB to the first page. Letters such as ŵ and ŷ are in it.
look-corners = Corners
look-checks = Can everybody read it?
look-verdict = { $count ->
    [0] Yes. Each pair of colours has the contrast that WCAG 2.2 level AA asks for.
    [one] Not yet: one pair of colours has too little contrast.
   *[other] Not yet: { $count } pairs of colours have too little contrast.
  }
look-checks-caption = Contrast of each pair of colours
look-pair = Colours
look-ratio = Contrast
look-needed = At least
look-result = Result
look-pair-text-on-brand = Text on brand
look-pair-action-on-page = Button on the page
look-pair-text-on-action = Text on button
look-pair-link-on-page = Link on the page
look-enough = Enough
look-too-little = Too little
look-take = Use { $colour } for: { $part }
look-preview = Preview
look-preview-bar = Bar of the console
look-preview-form = A public form
look-preview-search = Search
look-preview-question = How was your visit today?
look-preview-text = Tell us what was good and what we could do better. Read
look-preview-link = how we use what you tell us
look-preview-button = Send feedback
look-try = Check and preview
look-save = Save look
look-font-unknown = Choose a font of the list.
look-corners-unknown = Choose one of the corners of the list.
look-colour-missing = { $part }: is empty. Write a hash and six digits from 0 to 9 and a to f, for example #14505c.
look-colour-wrong = { $part }: `{ $text }` is not a colour. Write a hash and six digits from 0 to 9 and a to f, for example #14505c.
