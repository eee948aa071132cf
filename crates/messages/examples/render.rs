//! Writes a sample message as HTML, plain text and SMS into a folder:
//! `cargo run -p commonweal-messages --example render -- FOLDER`

use std::error::Error;
use std::path::PathBuf;

use commonweal_messages::{FooterLink, Look, SmsRules, Template, Values, sms};

const SUBJECT: &str = "Your council tax bill for ((year))";
const BODY: &str = "# Your council tax for ((year))

Dear ((first name)),

Your bill for **((address))** is ready. You can [see and pay your bill](https://www.example.org/tax/bills/((account))) at any time.

((discount??We have taken off the discount for people who live alone. [Tell us if that has changed](https://www.example.org/tax/alone).))

## What you pay

| | Day | Amount |
|---|---|---|
| First payment | 1 April | ((first amount)) |
| Each month after that | the 1st | ((amount)) |

^ If you find it hard to pay, tell us early. We can spread what you owe over twelve months.

## What to have at hand

((to bring))

### By phone

1. Call [020 7946 0000](tel:02079460000) from 9am to 5pm, Monday to Friday.
2. Give your account number: ((account)).
3. Say if you would like an interpreter, or this letter in large print.

---

![A bar for each service: schools take 41 pence of each pound, care 32, roads 9, everything else 18](cid:spending)

*Thank you for paying for schools, care and roads in Anytown.*
";
const SMS: &str = "Dear ((first name)), your council tax bill for ((year)) – ((amount)) a month – is ready. See it: \
    https://www.example.org/tax/bills/((account))";

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("Name a folder to write to.")?);
    let template = Template::parse(SUBJECT, BODY).map_err(sentences)?;
    let mut values = Values::from_pairs([
        ("year", "2027 to 2028"),
        ("First name", "Siân"),
        ("address", "Flat 3, 12 High Street, Anytown, ZX4 7QT"),
        ("account", "4400 1234/5"),
        ("discount", "yes"),
        ("first_amount", "£154.20"),
        ("amount", "£151.00"),
    ])?;
    values.set("to bring", vec!["your account number", "your bank card", "the letter about your discount"])?;

    let link = |text: &str, to: &str| FooterLink { text: text.to_owned(), to: to.to_owned() };
    let mut look = Look::new("Anytown Council", "en");
    look.preheader = Some("What you pay, when, and what to do if it is hard to pay.".to_owned());
    look.footer.why = "You get this message because you pay council tax in Anytown.".to_owned();
    look.footer.unsubscribe = Some(link("Get bills by post instead", "https://www.example.org/preferences/stop"));
    look.footer.links = vec![link("How we use what we know of you", "https://www.example.org/privacy")];
    look.footer.postal_address =
        vec!["Town Hall".to_owned(), "1 Market Square".to_owned(), "Anytown ZX4 7QA".to_owned()];

    let rendered = template.render(&values, &look).map_err(sentences)?;
    let short = Template::parse_body(SMS).map_err(sentences)?;
    let message = sms(&short, &values, &SmsRules::default()).map_err(sentences)?;
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("message.html"), &rendered.html)?;
    std::fs::write(folder.join("message.txt"), &rendered.text)?;
    std::fs::write(folder.join("message.sms.txt"), message.parts.join("\n-- next part --\n"))?;
    let read = template.readability("en");
    println!("{}: {} bytes of HTML, {} of text", rendered.subject, rendered.html.len(), rendered.text.len());
    println!("SMS: {} parts, {:?}, for {:?}", message.parts.len(), message.encoding, message.forcing);
    println!(
        "{} words in {} sentences, {} of them long; {:?}",
        read.words,
        read.sentences,
        read.long.len(),
        read.english
    );
    for advice in template.advice() {
        println!("{advice}");
    }
    Ok(())
}

fn sentences(faults: Vec<commonweal_messages::Fault>) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
