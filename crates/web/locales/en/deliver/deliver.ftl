# What goes out to people.

audit-about-sender = Senders
audit-about-message = Messages
audit-about-dispatch = Sends
audit-about-delivery = Deliveries
audit-about-suppression = Suppressed addresses
audit-about-mailbox = Mailboxes
audit-about-returned_mail = Mail that came back

users-may-read-dispatches = See what is sent to many people, and what became of it
users-may-manage-dispatches = Plan, pause and stop what is sent to many people
