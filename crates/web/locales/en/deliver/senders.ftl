# Senders: the ways by which messages go out.

senders-nav = Senders
senders-title = Senders
senders-head = Senders: how messages go out
senders-what = The ways by which messages go out, each with its own address and limits.
senders-add = Add a sender
senders-none = There is no sender yet. Nothing can go out before there is one.
senders-none-others = There is no sender yet. An administrator adds one.
senders-state-on = Sends
senders-state-test = Test mode
senders-state-off = Switched off

sender-head = { $name }: sender
sender-new-head = New sender
sender-new-title = New sender
sender-choose-kind = What is it?
sender-other-kind = Choose another kind
sender-kind = Kind
sender-state = State
sender-settings = Settings
sender-add-do = Add sender
sender-save-do = Save sender
sender-read-only = Only an administrator can change this.

sender-name = Name
sender-name-hint = Colleagues choose the sender by this name. The public never sees it.
sender-name-taken = There is a sender of this name already. Give this one another name.
sender-from = Emails come from
sender-from-hint = An address that your mail server may send from, such as news@example.org.
sender-from-number = Messages come from
sender-from-number-hint = A number, or a name where the service allows one.
sender-from-name = Name beside it
sender-from-name-hint = What people see as the sender, such as Anytown Council. Leave it empty to show the address alone.
sender-reply-to = Replies go to
sender-reply-to-hint = Leave it empty if replies go to the address above.
sender-return-to = What can’t be delivered goes to
sender-return-to-hint = A mailbox that is read here and takes name+anything@ as name@, such as returns@example.org. Leave it empty to get it at the address above.

sender-service = Service
sender-service-address = Address of the service
sender-service-address-hint = Change it only if you use another service that works the same way.
sender-template = Template
sender-template-email-hint = The id of a template in GOV.UK Notify with the subject ((subject)) and the message ((body)), and nothing else.
sender-template-sms-hint = The id of a template in GOV.UK Notify with the message ((body)) and nothing else.
sender-service-reply-to = Reply address or text message sender
sender-service-reply-to-hint = Its id in GOV.UK Notify. Leave it empty for the one that is set as default there.
sender-api-key = API key
sender-account = Account
sender-account-hint = Twilio calls it Account SID.
sender-token = Token
sender-takes-answers = People can answer its text messages
sender-takes-answers-hint = Your service in GOV.UK Notify has a number of its own. Messages then say “Reply STOP to stop”.
sender-request = Description of the request
sender-request-hint = In JSON. ((to)), ((digits)), ((from)), ((text)), ((reference)) and ((secret)) are filled in. What else it may say, for example how the service tells what became of a message, stands in the documentation of senders.
sender-request-wrong = This can’t be read as a description of a request: { $why }.
sender-secret-request = None is kept. It is what ((secret)) stands for.

sender-server = Mail server
sender-host = Server
sender-host-hint = Its name, such as smtp.example.org.
sender-port = Port
sender-port-hint = Usually 587 with STARTTLS, 465 with TLS from the first byte.
sender-security = Encryption
sender-user = User name
sender-user-hint = Leave it empty if the server asks for none.
sender-secret = Password
sender-secret-kept = One is kept. Leave this empty to keep it; it is never shown.
sender-secret-none = None is kept.
sender-connections = Connections at once
sender-connections-hint = At most 100. Four are enough for most servers.

sender-limits = Limits and cost
sender-per-second = Messages a second
sender-per-day = Messages in 24 hours
sender-domain-limits = Messages a second to one domain
sender-domain-limits-hint = One on each line, such as example.com = 5. Leave it empty for no limit.
sender-domain-limit-wrong = “{ $line }” is no limit of a domain. Write it like example.com = 5.
sender-no-limit = Leave it empty for no limit.
sender-unlimited = No limit
sender-free = Nothing
sender-cost = Cost of one message
sender-cost-hint = In your currency, such as 0.0123. Leave it empty if it costs nothing.
sender-not-a-number = Write a whole number, such as 20.
sender-not-an-amount = Write an amount with at most six digits behind the point, such as 0.0123.

sender-test-mode = Test mode
sender-test = Send to the addresses below only
sender-test-hint = Everybody else is left out and counted as “The sender is in test mode”.
sender-testers = Addresses for testing
sender-testers-hint = One on each line.
sender-testers-missing = Give at least one address for testing, or leave test mode.

sender-lately = In the last 24 hours
sender-lately-nothing = Nothing was sent.
sender-lately-handed-over = Handed over
sender-lately-failed = Failed
sender-lately-again = Under way, or to be tried again
sender-lately-unknown = Not known
sender-refused = Last refused on { $at }: { $code }

sender-try = Try it
sender-try-what = Trying the connection sends nothing.
sender-try-message-what = The test message goes to your own email address, also in test mode.
sender-try-do = Try the connection
sender-try-message-do = Send a test message to me
sender-reached = The connection works
sender-reached-what = { $said }
sender-not-reached = The connection does not work
sender-sent = The test message is on its way to you
sender-sent-what = The server took it: { $said }
sender-not-sent = The test message did not go out

sender-receipts = What became of its messages
sender-receipts-what = The service can tell by itself which messages arrived and what people write back. It needs an address here, and proves itself by a token. A new token ends the one before.
sender-receipts-do = Make address and token
sender-receipts-made = Enter this at the service
sender-receipts-address = Address
sender-receipts-once = The token is never shown again.
sender-receipts-signed = The service signs what it sends; no token is needed.
sender-receipts-nowhere = Set the public address of this server first (server.public_url).

sender-off-title = Switch it off
sender-off-what = Nothing more goes out by it. What waits for it goes on waiting until it is switched on again or its time is over.
sender-off-do = Switch off
sender-on-title = Switch it on
sender-on-what = What waits for it goes out.
sender-on-do = Switch on

sender-delete = Delete the sender
sender-delete-what = Only a sender that has sent nothing can be deleted. Switch off one that has.
sender-delete-confirm = Yes, delete this sender
sender-delete-missing = To delete the sender, tick the box that says so.
sender-delete-do = Delete sender

done-sender-added = The sender is added. Try it before you leave test mode.
done-sender-changed = The sender is saved.
done-sender-on = The sender is switched on.
done-sender-off = The sender is switched off.
done-sender-deleted = The sender is deleted.
