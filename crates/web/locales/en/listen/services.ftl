# Settings: services and touchpoints.

services-title = Services
services-head = Services: settings
services-what = What the body does for people, and the moments in the journey through each service. Imports and the API add those that they name.
services-none = There is no service yet. Add the first one; most bodies begin with the one that people write about most.
services-read = Read its feedback
services-of = of { $name }
services-no-touchpoints = No touchpoints yet. Add some below by naming this service again.
services-up = Up
services-down = Down
services-mend = Rename or remove
services-mend-service = Rename or remove this service
services-new-name = Name
services-rename = Rename
services-remove = Remove
services-remove-what = Only what no feedback belongs to can be removed. A new name is shown everywhere; addresses and files keep the old key.
services-add = Add a service or touchpoints
services-name = Name of the service
services-name-hint = A new one, or one of those above to add touchpoints to it
services-touchpoints = Touchpoints
services-touchpoints-hint = One on each line, in the order in which people go through them: find out, apply, wait, use, complain
services-add-do = Add
