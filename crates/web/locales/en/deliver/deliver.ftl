# What goes out to people.

audit-about-sender = Senders
audit-about-message = Messages
audit-about-dispatch = Sends
audit-about-delivery = Deliveries
audit-about-suppression = Suppressed addresses
