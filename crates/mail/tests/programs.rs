//! Replies as mail programs write them, made up after their ways: HTML alone, several languages, telephones.

use commonweal_mail::{Kind, read};

fn own(media: &str, body: &str) -> (Kind, String) {
    let message = format!("From: ann@x.example\nSubject: Re: News\nContent-Type: {media}; charset=utf-8\n\n{body}");
    let mail = read(message.as_bytes()).expect("a mail");
    (mail.kind, mail.text)
}

#[test]
fn plain_text_is_freed_of_what_programs_add() {
    for (program, said, body) in [
        (
            "Outlook on a telephone",
            "Yes please.",
            "Yes please.\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\nFrom: News <news@own.example>\nSent: Friday, April 3, 2026 4:19:00 PM\nTo: Ann <ann@x.example>\nSubject: x\n\nHi\n",
        ),
        (
            "Proton of old",
            "Yes please.",
            "Yes please.\n\nSent with Proton Mail secure email.\n\n------- Original Message -------\nOn Friday, April 3rd, 2026 at 4:19 PM, News <news@own.example> wrote:\n\n\n> Hi there\n",
        ),
        (
            "Proton",
            "Yes please.",
            "Yes please.\n\nSent from Proton Mail for iOS.\n\n-------- Original Message --------\nOn Friday, 04/03/26 at 16:19 News <news@own.example> wrote:\n> Hi there\n",
        ),
        (
            "Samsung",
            "Yes please.",
            "Yes please.\n\nSent from my Galaxy\n\n\n-------- Original message --------\nFrom: News <news@own.example>\nDate: 03/04/2026 16:19 (GMT+00:00)\nTo: ann@x.example\nSubject: x\n\nHi there\n",
        ),
        (
            "GMX",
            "Ja bitte.",
            "Ja bitte.\n\n\nGesendet: Freitag, 3. April 2026 um 16:19 Uhr\nVon: \"News\" <news@own.example>\nAn: ann@x.example\nBetreff: x\n\nHallo\n",
        ),
        (
            "Notes",
            "Yes please.",
            "Yes please.\n\n\n\nFrom:\tNews <news@own.example>\nTo:\tann@x.example\nDate:\t03/04/2026 16:19\nSubject:\tx\n\n\n\nHi there\n",
        ),
        (
            "Outlook in Welsh",
            "Ie, os gwelwch yn dda.",
            "Ie, os gwelwch yn dda.\n\nOddi wrth: News <news@own.example>\nAnfonwyd: Dydd Gwener, 3 Ebrill 2026 16:19\nAt: Ann\nPwnc: x\n\nHelo\n",
        ),
        (
            "Gmail in Japanese",
            "はい、お願いします。",
            "はい、お願いします。\n\n2026年4月3日(金) 16:19 News <news@own.example>:\n\n> こんにちは\n> ?\n",
        ),
        (
            "QQ",
            "好的。",
            "好的。\n\n------------------ 原始邮件 ------------------\n发件人: \"News\" <news@own.example>;\n发送时间: 2026年4月3日(星期五) 下午4:19\n收件人: \"a\"<ann@x.example>;\n主题: x\n\n你好\n",
        ),
        (
            "Gmail in Arabic",
            "نعم",
            "نعم\n\nفي الجمعة، 3 أبريل 2026 في 16:19، كتب News <news@own.example>:\n\n> مرحبا\n> ?\n",
        ),
        (
            "a virus scanner",
            "Yes please.",
            "Yes please.\n\n\n--\nThis email has been checked for viruses by AVG antivirus software.\nwww.avg.com\n",
        ),
    ] {
        assert_eq!(own("text/plain", body), (Kind::Reply, said.to_owned()), "{program}");
    }
}

#[test]
fn html_alone_is_freed_of_it_too() {
    for (program, said, body) in [
        (
            "Outlook on the web",
            "Yes please.",
            "<html><head><style>p{}</style></head><body dir=\"ltr\"><div class=\"elementToProof\">Yes please.</div><div id=\"appendonsend\"></div><hr tabindex=\"-1\" style=\"display:inline-block;width:98%\"><div id=\"divRplyFwdMsg\" dir=\"ltr\"><font face=\"Calibri\"><b>From:</b> News &lt;news@own.example&gt;<br><b>Sent:</b> Friday, April 3, 2026 4:19 PM<br><b>To:</b> Ann &lt;ann@x.example&gt;<br><b>Subject:</b> x</font><div>&nbsp;</div></div><div>Hi there</div></body></html>",
        ),
        (
            "Outlook",
            "Yes please.",
            "<html><body><div class=WordSection1><p class=MsoNormal>Yes please.<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><div style=\"border:none;border-top:solid #E1E1E1 1.0pt\"><p class=MsoNormal><b>From:</b> News &lt;news@own.example&gt; <br><b>Sent:</b> Friday 3 April 2026 16:19<br><b>To:</b> Ann<br><b>Subject:</b> x<o:p></o:p></p></div><p class=MsoNormal>Hi there</p></div></body></html>",
        ),
        (
            "Apple Mail",
            "Yes please.",
            "<html><body>Yes please.<br><br><div dir=\"ltr\">Sent from my iPhone</div><div dir=\"ltr\"><br><blockquote type=\"cite\">On 3 Apr 2026, at 16:19, News &lt;news@own.example&gt; wrote:<br><br></blockquote></div><blockquote type=\"cite\"><div>Hi there</div></blockquote></body></html>",
        ),
        (
            "Gmail",
            "Yes please.",
            "<div dir=\"ltr\">Yes please.</div><br><div class=\"gmail_quote gmail_quote_container\"><div dir=\"ltr\" class=\"gmail_attr\">On Fri, 3 Apr 2026 at 16:19, News &lt;<a href=\"mailto:news@own.example\">news@own.example</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\" style=\"margin:0\"><div>Hi there</div></blockquote></div>",
        ),
        (
            "Yahoo",
            "Yes please.",
            "<html><body><div class=\"ydp1\" dir=\"ltr\">Yes please.</div><div><br></div><div id=\"yahoo_quoted_1\" class=\"yahoo_quoted\"><div>On Friday 3 April 2026 at 16:19:00 BST, News &lt;news@own.example&gt; wrote:</div><div><br></div><div><div id=\"yiv1\">Hi there</div></div></div></body></html>",
        ),
        (
            "WEB.DE",
            "Ja bitte.",
            "<html><body><div style=\"font-family: Verdana\"><div>Ja bitte.</div><div>&nbsp;<div style=\"margin:10px 5px; border-left:2px solid #C3D9E5;\"><div style=\"margin:0 0 10px 0;\"><b>Gesendet:</b>&nbsp;Freitag, 3. April 2026 um 16:19 Uhr<br/><b>Von:</b>&nbsp;&quot;News&quot; &lt;news@own.example&gt;<br/><b>An:</b>&nbsp;ann@x.example<br/><b>Betreff:</b>&nbsp;x</div><div>Hallo</div></div></div></div></body></html>",
        ),
        (
            "a footer in HTML",
            "Yes please.\n\nKind regards\nAnn",
            "<div>Yes please.</div><div><br></div><div>Kind regards</div><div>Ann</div><p style=\"font-size:8px\">This message is intended only for the named recipient and may contain confidential information. Please delete the e-mail if received in error.</p>",
        ),
    ] {
        assert_eq!(own("text/html", body), (Kind::Reply, said.to_owned()), "{program}");
    }
}

#[test]
fn answers_between_the_lines_and_lists_stay() {
    for (said, body) in [
        (
            "Dear team,\n\nYes.\n\nIt is near.\n\nThanks\nAnn",
            "Dear team,\n\nOn Fri, 3 Apr 2026 at 16:19, News <news@own.example> wrote:\n\n> Do you like it?\n\nYes.\n\n> Why?\n\nIt is near.\n\nThanks\nAnn\n",
        ),
        ("*Yes* please.\n* one\n* two", "*Yes* please.\n* one\n* two\n"),
        ("Points:\n--\none\ntwo", "Points:\n--\none\ntwo\n"),
    ] {
        assert_eq!(own("text/plain", body).1, said);
    }
}
