# Settings: look. Colours, font and corners of the body's pages.

branding-page-title = Look: settings
branding-title = Look
branding-about = Colours, font and corners of the console and the public forms. Errors, success and the focus ring look the same for every body, so that people can rely on them.
branding-colours = Colours
branding-type = Type and corners
branding-part-brand = Brand
branding-part-brand-text = Text on brand
branding-part-action = Button
branding-part-action-text = Text on button
branding-part-link = Link
branding-hint-brand = The bar at the top of each page
branding-hint-brand-text = The body’s name in that bar
branding-hint-action = The button that does what the page is for
branding-hint-action-text = The words on it
branding-hint-link = Links in text
branding-pick = Choose: { $colour }
branding-font = Font
branding-font-hint = A hosted font comes from this server, never from another, and adds 27 to 53 kB to the first page. Letters such as ŵ and ŷ are in it.
branding-corners = Corners
branding-checks = Can everybody read it?
branding-verdict = { $count ->
    [0] Yes. Each pair of colours has the contrast that WCAG 2.2 level AA asks for.
    [one] Not yet: one pair of colours has too little contrast.
   *[other] Not yet: { $count } pairs of colours have too little contrast.
  }
branding-checks-caption = Contrast of each pair of colours
branding-pair = Colours
branding-ratio = Contrast
branding-needed = At least
branding-result = Result
branding-pair-text-on-brand = Text on brand
branding-pair-action-on-page = Button on the page
branding-pair-text-on-action = Text on button
branding-pair-link-on-page = Link on the page
branding-enough = Enough
branding-too-little = Too little
branding-take = Use { $colour } for: { $part }
branding-preview = Preview
branding-preview-bar = Bar of the console
branding-preview-form = A public form
branding-preview-search = Search
branding-preview-question = How was your visit today?
branding-preview-text = Tell us what was good and what we could do better. Read
branding-preview-link = how we use what you tell us
branding-preview-button = Send feedback
branding-try = Check and preview
branding-save = Save look
branding-font-unknown = Choose a font of the list.
branding-corners-unknown = Choose one of the corners of the list.
branding-colour-missing = { $part }: is empty. Write a hash and six digits from 0 to 9 and a to f, for example #14505c.
branding-colour-wrong = { $part }: `{ $text }` is not a colour. Write a hash and six digits from 0 to 9 and a to f, for example #14505c.
