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

hooks-event-delivery-handed-over = Message handed over
hooks-event-delivery-delivered = Message delivered
hooks-event-delivery-bounced = Message came back
hooks-event-delivery-complained = Complaint of a message
hooks-event-delivery-failed = Message failed
hooks-event-delivery-skipped = Message not sent
hooks-event-dispatch-planned = Send planned
hooks-event-dispatch-paused = Send paused
hooks-event-dispatch-resumed = Send resumed
hooks-event-dispatch-finished = Send finished
hooks-event-dispatch-cancelled = Send stopped

users-may-send-messages = Send messages to single people about their own case
users-may-send-urgent-messages = Send what a law or somebody’s safety demands, which nothing holds back
