# Mailboxes that are read for what comes back, and what came.

mailboxes-nav = Mailboxes
mailboxes-title = Mailboxes
mailboxes-head = Mailboxes: where mail comes back
mailboxes-what = What can’t be delivered, complaints, replies and unsubscribe mails come back here, and find the message that they are about.
mailboxes-add = Add a mailbox
mailboxes-none = No mailbox is read yet. Without one, nobody learns that a message could not be delivered.
mailboxes-none-others = No mailbox is read yet. An administrator adds one.
mailboxes-read = Last read
mailboxes-never = Never
mailboxes-state = State
mailboxes-state-on = Is read
mailboxes-state-off = Switched off
mailboxes-state-wrong = Can’t be read

mailbox-head = { $name }: mailbox
mailbox-new-head = New mailbox
mailbox-new-title = New mailbox
mailbox-settings = Settings
mailbox-add-do = Add mailbox
mailbox-save-do = Save mailbox

mailbox-name = Name
mailbox-name-hint = Colleagues know the mailbox by this name. The public never sees it.
mailbox-name-taken = There is a mailbox of this name already. Give this one another name.
mailbox-host = Server
mailbox-host-hint = The IMAP server, such as imap.example.org.
mailbox-port = Port
mailbox-port-hint = Usually 993 with TLS from the first byte, 143 with STARTTLS.
mailbox-port-wrong = Write the port as a number, such as 993.
mailbox-security = Encryption
mailbox-user = User name
mailbox-user-hint = Who signs in at the mailbox, such as returns@example.org.
mailbox-secret = Password
mailbox-secret-kept = One is kept. Leave this empty to keep it; it is never shown.
mailbox-secret-none = None is kept.
mailbox-secret-missing = Write the password of the mailbox, or the secret with which a token is got.
mailbox-token = The server takes no passwords
mailbox-token-what = Some services, such as Microsoft 365, want a token (OAuth 2.0). Say where it is got; the password above is then the client’s secret.
mailbox-token-url = Address that gives tokens
mailbox-token-url-hint = Leave it empty if the mailbox takes a password.
mailbox-token-client = Client
mailbox-token-client-hint = The id under which this program is known there.
mailbox-token-scope = Scope
mailbox-token-scope-hint = For what the token is asked, if the service wants that said.
mailbox-folder = Folder that is read
mailbox-folder-hint = Usually INBOX.
mailbox-done-folder = Folder for what was understood
mailbox-done-folder-hint = Messages are moved there once they are read. Leave it empty to let them lie, marked as seen.

mailbox-reading = Reading
mailbox-wrong = The last time
mailbox-try-what = Trying the connection reads no message. A server that runs reads what comes by itself.
mailbox-try-do = Try the connection
mailbox-read-do = Read it now
mailbox-reached = The mailbox is reached
mailbox-not-reached = The mailbox is not reached
mailbox-was-read = The mailbox was read
mailbox-read-what = { $n ->
    [0] Nothing new lay there.
    [one] One message was read.
   *[other] { $n } messages were read.
}
mailbox-not-read = The mailbox could not be read

mailbox-off-title = Switch it off
mailbox-off-what = It is read no more until it is switched on again. Mail goes on coming there, and nobody learns of it here.
mailbox-off-do = Switch off
mailbox-on-title = Switch it on
mailbox-on-what = What came meanwhile is read.
mailbox-on-do = Switch on

mailbox-remove = Remove the mailbox
mailbox-remove-what = It is read no more and its password is deleted. The mailbox itself and its messages stay as they are, and what came by it stays counted.
mailbox-remove-confirm = Yes, remove this mailbox
mailbox-remove-missing = To remove the mailbox, tick the box that says so.
mailbox-remove-do = Remove mailbox

returned-nav = What came back
returned-title = What came back
returned-head = What came back: bounces, complaints and replies
returned-what = Mail that came back, and what became of it. What people wrote is kept with their message, not here.
returned-left = { $n ->
    [one] One mail could not be assigned to a message.
   *[other] { $n } mails could not be assigned to a message.
} What a person wrote lies in its mailbox, unseen, for a colleague to look at.
returned-counts = By what became of it
returned-none = Nothing came back yet.
returned-newest = The newest
returned-at = Read
returned-kind = What it is
returned-outcome = What became of it
returned-mails = Mails
returned-from = Where it came
returned-file = A file
returned-removed = A mailbox that is read no more

done-mailbox-added = The mailbox is added. Try the connection.
done-mailbox-changed = The mailbox is saved.
done-mailbox-on = The mailbox is switched on.
done-mailbox-off = The mailbox is switched off.
done-mailbox-removed = The mailbox is removed.
