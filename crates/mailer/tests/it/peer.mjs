// A mail server of others (npm smtp-server). Says its port, then a line of JSON for each message that it took.
//
//   node peer.mjs FOLDER-OF-SMTP-SERVER '{"secure": false, "key": …, "cert": …, "methods": ["PLAIN"], "tokens": ["good"]}'
import { createRequire } from "node:module";

const require = createRequire(process.argv[2] + "/");
const { SMTPServer } = require("smtp-server");
const wanted = JSON.parse(process.argv[3]);

const server = new SMTPServer({
  secure: wanted.secure,
  key: wanted.key,
  cert: wanted.cert,
  authMethods: wanted.methods,
  authOptional: wanted.methods.length === 0,
  disableReverseLookup: true,
  size: 100_000,
  onAuth(auth, session, done) {
    if (auth.method === "XOAUTH2") {
      if (auth.username === "ann" && wanted.tokens.includes(auth.accessToken)) return done(null, { user: "ann" });
      return done(null, { data: { status: "401", schemes: "bearer" } });
    }
    if (auth.username === "ann" && auth.password === "correct horse ŵ") return done(null, { user: "ann" });
    return done(new Error("Invalid username or password"));
  },
  onRcptTo(address, session, done) {
    if (address.address.startsWith("gone")) {
      return done(Object.assign(new Error("5.1.1 No such mailbox"), { responseCode: 550 }));
    }
    return done();
  },
  onData(stream, session, done) {
    const chunks = [];
    stream.on("data", (chunk) => chunks.push(chunk));
    stream.on("end", () => {
      if (session.envelope.rcptTo[0].address.startsWith("spam")) {
        return done(Object.assign(new Error("5.7.1 Looks like spam"), { responseCode: 554 }));
      }
      console.log(JSON.stringify({
        from: session.envelope.mailFrom.address,
        to: session.envelope.rcptTo.map((rcpt) => rcpt.address),
        message: Buffer.concat(chunks).toString("latin1"),
        secure: session.secure,
        user: session.user ?? null,
        hello: session.hostNameAppearsAs,
      }));
      return done(null, "taken");
    });
  },
});
server.on("error", () => {});
server.listen(0, "127.0.0.1", () => console.log(server.server.address().port));
