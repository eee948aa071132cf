# Suppressed addresses: to which nothing is sent.

suppressions-nav = Suppressed addresses
suppressions-title = Suppressed addresses
suppressions-head = Suppressed addresses: where nothing is sent
suppressions-what = Email addresses and phone numbers to which nothing is sent. They are not kept in plain text, so none is listed here; you can ask about one that you know.
suppressions-ask = Is an address suppressed?
suppressions-find = Email address or phone number
suppressions-find-hint = It is compared and not kept.
suppressions-find-do = Find
suppressions-yes = Yes, nothing is sent there
suppressions-no = No, it is not suppressed
suppressions-no-what = Messages go to { $address }, as far as the person agreed to them.
suppressions-address = Address
suppressions-kind = Kind
suppressions-reason = Reason
suppressions-since = Since
suppressions-until = Until
suppressions-send = Send that showed it
suppressions-no-send = None
suppressions-email = Email address
suppressions-phone = Phone number
suppressions-other = Other
suppressions-for-good = Until somebody lifts it
suppressions-why-lift = Why may messages go there again?
suppressions-lift-do = Send there again
suppressions-why-add = Why is nothing to be sent there any more?
suppressions-add-do = Send nothing there
suppressions-by-hand-stopped = They said that they want no more messages there
suppressions-all = All suppressed addresses
suppressions-none = No address is suppressed.

done-suppression-lifted = Messages go there again.
done-suppression-added = Nothing is sent there any more.
