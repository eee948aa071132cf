# What is said when something could not be done, as a page or as a problem document.

error-title-400 = The request can’t be understood
error-title-401 = Not signed in
error-title-403 = Not allowed
error-title-404 = Not found
error-title-405 = Method not allowed
error-title-409 = Contradicts what is there
error-title-413 = Too large
error-title-415 = Format not supported
error-title-422 = Not valid
error-title-429 = Too many requests
error-title-503 = Not available now
error-title-refused = Refused
error-title-internal = Something went wrong

error-bad-request = The request can't be understood. Check how it is written.
error-cross-site = This request came from another website, so it was refused. Open the page here and try again.
error-method = This address exists, but not for this method. The header Allow says which.
error-too-large = The request is larger than this server takes. Send less at once.
error-media-type = The request is in a format that this address does not take.
error-invalid = What was sent is not valid.
error-refused = The request was refused.
error-internal = Something went wrong on our side. Try again; if it happens again, tell your administrator the reference.
error-nothing-here = There is nothing at this address. Check it, or go back.
error-fields =
    { $count ->
        [one] One thing is not valid: see what is said for each field.
       *[other] Several things are not valid: see what is said for each field.
    }

error-first-page = Go to the first page
error-reference = Reference:
