# What is said when something could not be done, as a page or as a problem document.

failure-title-400 = The request can’t be understood
failure-title-401 = Not signed in
failure-title-403 = Not allowed
failure-title-404 = Not found
failure-title-405 = Method not allowed
failure-title-409 = Contradicts what is there
failure-title-413 = Too large
failure-title-415 = Format not supported
failure-title-422 = Not valid
failure-title-429 = Too many requests
failure-title-503 = Not available now
failure-title-refused = Refused
failure-title-internal = Something went wrong

failure-bad-request = The request can't be understood. Check how it is written.
failure-cross-site = This request came from another website, so it was refused. Open the page here and try again.
failure-method = This address exists, but not for this method. The header Allow says which.
failure-too-large = The request is larger than this server takes. Send less at once.
failure-media-type = The request is in a format that this address does not take.
failure-invalid = What was sent is not valid.
failure-refused = The request was refused.
failure-internal = Something went wrong on our side. Try again; if it happens again, tell your administrator the reference.
failure-nothing-here = There is nothing at this address. Check it, or go back.
failure-fields =
    { $count ->
        [one] One thing is not valid: see what is said for each field.
       *[other] Several things are not valid: see what is said for each field.
    }

failure-first-page = Go to the first page
failure-reference = Reference:
