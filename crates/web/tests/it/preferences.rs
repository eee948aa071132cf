//! Preferences: on the person's page, and by the person themselves.

use axum::http::StatusCode;
use commonweal_app::FormLimits;
use commonweal_domain::Duty;
use commonweal_testkit::on_both_engines;
use commonweal_web::WebConfig;

use crate::support::{Answer, Server, Visitor};

const ADD: &str =
    "source=housing&key=T-1&given_names=Ann&surname=Exampleby&email=m.addy%40example.org&needs=large_print";
const TOPIC: &str = "name=Your+street&description=Works+in+your+street.&name_cy=Eich+stryd&description_cy=Gwaith+yn+eich+stryd.&lane=news";

/// A person whose page is open to a caseworker; where it is.
async fn person(worker: &Visitor<'_>) -> String {
    let added = worker.post("/people/add", ADD).await;
    let page = added.location().trim_end_matches("?done=person-told").to_owned();
    worker.post(&format!("{page}/open"), "reason=rang").await;
    page
}

/// What stands in the first attribute of this beginning.
fn attribute(page: &str, beginning: &str) -> String {
    let rest = page.split(beginning).nth(1).unwrap_or_else(|| panic!("no {beginning} in {page}"));
    rest.split('"').next().expect("a value").to_owned()
}

/// Makes the link for the only handle of a person; its path.
async fn link(worker: &Visitor<'_>, page: &str) -> String {
    let handle = attribute(&worker.get(page).await.text(), "name=\"handle\" value=\"");
    let made = worker.post(&format!("{page}/handle"), &format!("handle={handle}&act=link")).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    let text = made.text();
    let address = text.split("https://voice.example.org").nth(1).expect("the link").split('<').next().expect("its end");
    address.to_owned()
}

/// Says that the link is theirs: the answer's cookie is kept.
async fn begin<'a>(guest: &Visitor<'a>, link: &str) -> (Visitor<'a>, Answer) {
    let answer = guest.post(&format!("{link}?lang=en"), "act=mine").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let mut guest = guest.clone();
    guest.cookie = answer.cookie();
    (guest, answer)
}

on_both_engines! {
    async fn a_hold_stands_first_on_the_page_of_a_person_and_in_the_list(db: TestDb) {
        let server = Server::on(db).await;
        let worker = server.user(&[Duty::Caseworker]).await;
        let page = person(&worker).await;
        let form = worker.get(&format!("{page}/hold")).await.text();
        let owner = form.split("id=\"owner\"").nth(1).map(|rest| attribute(rest, "<option value=\"")).expect("an owner");
        let wrong = worker.post(&format!("{page}/hold"), "ends=soon").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let text = wrong.text();
        for field in ["reason", "ends", "owner"] {
            assert!(text.contains(&format!("id=\"{field}-error\"")), "{field}: {text}");
        }
        let sent = format!("lanes=engagement&lanes=news&reason=complaint&note=HC-1182&ends=2024-05-01&owner={owner}");
        let put = worker.post(&format!("{page}/hold"), &sent).await;
        assert_eq!(put.location(), format!("{page}?done=hold-put"), "{}", put.text());
        let text = worker.get(&page).await.text();
        let place = |words: &str| text.find(words).unwrap_or_else(|| panic!("{words}: {text}"));
        assert!(place("Hold, not sent: Having a say, News") < place("Large print"), "holds stand first");
        assert!(place("Large print") < place("What they agreed to"));
        for words in ["Open complaint", "until the end of 1 May 2024", "HC-1182"] {
            place(words);
        }
        let list = worker.get("/people/holds").await.text();
        assert!(list.contains("Ann Exampleby") && list.contains("until the end of 1 May 2024"), "{list}");
        assert!(!list.contains("complaint") && !list.contains("HC-1182"), "why stands on the page of the person: {list}");
        let hold = format!("/people/holds/{}", attribute(&text, "href=\"/people/holds/"));
        assert!(worker.get(&hold).await.text().contains("value=\"2024-05-01\""), "the last day");
        let colleague = server.user(&[Duty::Caseworker]).await;
        assert_eq!(colleague.get(&hold).await.location(), page, "who has given no reason sees no note");
        assert_eq!(worker.post(&format!("{hold}/end"), "").await.location(), format!("{page}?done=hold-ended"));
        assert!(worker.get(&page).await.text().contains("Nothing is held back"));
        assert_eq!(worker.post(&format!("{hold}/end"), "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn what_somebody_told_is_written_down_with_how(db: TestDb) {
        let server = Server::on(db).await;
        let worker = server.user(&[Duty::Caseworker]).await;
        let page = person(&worker).await;
        assert_eq!(worker.post("/people/topics", TOPIC).await.location(), "/people/topics?done=topic-added");
        let twice = worker.post("/people/topics", TOPIC).await;
        assert!(twice.text().contains("There is a topic of this name already"), "{}", twice.text());
        let half = worker.post("/people/topics", "name=Parks").await;
        assert!(half.text().contains("id=\"name_cy-error\""), "both languages: {}", half.text());
        let sent = "shown=your-street&topic-your-street=email&needs=bsl&language=cy&pause=no";
        let without = worker.post(&format!("{page}/wishes"), sent).await;
        assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(without.text().contains("id=\"how-error\""), "{}", without.text());
        let saved = worker.post(&format!("{page}/wishes"), &format!("{sent}&how=rang")).await;
        assert_eq!(saved.location(), format!("{page}?done=wishes-saved"), "{}", saved.text());
        let text = worker.get(&page).await.text();
        for words in ["Your street", "Email: yes, told to", "British Sign Language", "Welsh, told to", "rang – Your street."] {
            assert!(text.contains(words), "{words}: {text}");
        }
        assert!(!text.contains("SMS: no"), "nothing was said of that: {text}");
    }

    async fn a_person_sees_and_changes_what_is_kept_of_them(db: TestDb) {
        let server = Server::on(db).await;
        let worker = server.user(&[Duty::Caseworker]).await;
        let page = person(&worker).await;
        worker.post("/people/topics", TOPIC).await;
        let link = link(&worker, &page).await;
        assert!(worker.get(&page).await.text().contains("A link is good until"));
        let nobody = server.nobody();
        let start = nobody.get(&link).await;
        let text = start.text();
        assert!(text.contains("m…@example.org") && !text.contains("m.addy") && !text.contains("Exampleby"), "{text}");
        assert!(text.contains("name=\"robots\" content=\"noindex\"") && !text.contains("<script"), "{text}");
        assert_eq!(start.header("cache-control"), "no-store");
        for below in ["/topics", "/writing", "/held", "/copy.json"] {
            let sent_back = nobody.get(&format!("{link}{below}")).await;
            assert!(sent_back.location().starts_with(&link), "{below}: {}", sent_back.text());
        }
        let (guest, begun) = begin(&nobody, &link).await;
        assert!(begun.header("set-cookie").contains("HttpOnly"), "{}", begun.header("set-cookie"));
        let held = guest.get(&format!("{link}/held")).await.text();
        for words in ["Told by housing", "Ann Exampleby", "m.addy@example.org", "No contacts are kept"] {
            assert!(held.contains(words), "{words}: {held}");
        }
        let ticked = guest.post(&format!("{link}/topics?lang=cy"), "shown=your-street&topic-your-street=letter").await;
        let done = guest.get(ticked.location()).await.text();
        assert!(done.contains("Mae’n dod i rym heddiw, 10 Ebrill 2024") && done.contains("Eich stryd: Llythyr"), "{done}");
        let seen = worker.get(&page).await.text();
        assert!(seen.contains("Letter: yes, by themselves"), "{seen}");
        assert!(seen.contains("Eich stryd: Gwaith yn eich stryd. – Llythyr"), "the words that were shown: {seen}");
        let wrong = guest.post(&format!("{link}/writing?lang=en"), "quiet_from=21%3A00&quiet_to=&pause=until").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text().contains("value=\"21:00\"") && wrong.text().contains("pause_until-error"), "{}", wrong.text());
        let right = "quiet_from=21%3A00&quiet_to=08%3A00&needs=large_print&language=cy&pause=no";
        let saved = guest.post(&format!("{link}/writing?lang=en"), right).await;
        let done = guest.get(saved.location()).await.text();
        assert!(done.contains("It holds from today") && done.contains("No disturbance from 21:00 until 08:00"), "{done}");
        let again = guest.post(&format!("{link}/writing?lang=en"), right).await;
        assert!(again.location().contains("done=nothing"), "{}", again.location());
        let copy = guest.get(&format!("{link}/copy.json")).await;
        assert!(copy.header("content-disposition").starts_with("attachment"));
        let copy = copy.json();
        assert_eq!(copy["records"][0]["details"]["surname"], "Exampleby");
        assert_eq!(copy["preferences"]["quiet"]["from"], "21:00");
        assert!(!copy.to_string().contains("user:"), "no colleague stands in it: {copy}");
        let stopped = guest.post(&format!("{link}/stop?lang=en"), "").await;
        let done = guest.get(stopped.location()).await.text();
        assert!(done.contains("You have taken back everything") && done.contains("Paused until you say otherwise"), "{done}");
        assert!(worker.get(&page).await.text().contains("Letter: no, by themselves"));
        let left = guest.post(&format!("{link}/leave"), "").await;
        assert!(left.header("set-cookie").contains("Max-Age=0"), "{}", left.header("set-cookie"));
    }

    async fn what_a_person_asks_for_waits_for_a_colleague_who_answers(db: TestDb) {
        let server = Server::on(db).await;
        let worker = server.user(&[Duty::Caseworker]).await;
        let page = person(&worker).await;
        let link = link(&worker, &page).await;
        let (guest, _) = begin(&server.nobody(), &link).await;
        let empty = guest.post(&format!("{link}/ask?lang=en"), "kind=correct&note=").await;
        assert!(empty.text().contains("Say what is wrong."), "{}", empty.text());
        guest.post(&format!("{link}/ask?lang=en"), "kind=correct&note=I+am+Anne").await;
        let asked = guest.post(&format!("{link}/ask?lang=en"), "kind=erase").await;
        assert!(guest.get(asked.location()).await.text().contains("We look at it and write to you"));
        let list = worker.get("/people/requests").await.text();
        assert!(list.contains("Correct what is wrong") && list.contains("Ann Exampleby"), "{list}");
        assert!(!list.contains("I am Anne"), "what somebody wrote stands on their page: {list}");
        let text = worker.get(&page).await.text();
        assert!(text.contains("I am Anne"), "{text}");
        let request = format!("/people/requests/{}", attribute(&text, "action=\"/people/requests/"));
        let refused = worker.post(&request, "state=refused&answer=").await;
        assert!(refused.text().contains("Say why it is refused"), "{}", refused.text());
        let decided = worker.post(&request, "state=refused&answer=We+must+keep+it").await;
        assert_eq!(decided.location(), format!("{page}?done=request-decided"), "{}", decided.text());
        assert!(guest.get(&format!("{link}/held?lang=cy")).await.text().contains("Wedi’i wrthod, We must keep it"));
    }

    async fn whoever_gets_a_link_by_mistake_says_so_and_sees_nothing(db: TestDb) {
        let server = Server::on(db).await;
        let worker = server.user(&[Duty::Caseworker]).await;
        let page = person(&worker).await;
        let link = link(&worker, &page).await;
        let told = server.nobody().post(&format!("{link}?lang=en"), "act=not-mine").await;
        assert_eq!(told.status, StatusCode::OK);
        assert!(told.text().contains("We will send nothing more there"), "{}", told.text());
        assert_eq!(server.nobody().get(&link).await.status, StatusCode::NOT_FOUND);
        let text = worker.get(&page).await.text();
        assert!(text.contains("No longer theirs") && !text.contains("Make a link"), "{text}");
    }

    async fn links_that_lead_nowhere_are_not_tried_by_the_thousand(db: TestDb) {
        let forms = FormLimits { refuse_beyond: 20, ..FormLimits::default() };
        let address = "https://voice.example.org".to_owned();
        let server = Server::with(db, WebConfig { public_url: address, forms, ..WebConfig::default() }).await;
        let nobody = server.nobody();
        let gone = nobody.get("/preferences/made-up?lang=cy").await;
        assert_eq!(gone.status, StatusCode::NOT_FOUND);
        assert!(gone.text().contains("Nid yw’r ddolen hon yn gweithio"), "{}", gone.text());
        for n in 1..20 {
            assert_eq!(nobody.get(&format!("/preferences/{n}")).await.status, StatusCode::NOT_FOUND);
        }
        assert_eq!(nobody.get("/preferences/20").await.status, StatusCode::TOO_MANY_REQUESTS);
        // Nothing of a link stands in the log.
        let worker = server.user(&[Duty::Caseworker]).await;
        let page = person(&worker).await;
        let link = link(&worker, &page).await;
        nobody.get(&link).await;
        let token = link.trim_start_matches("/preferences/");
        assert!(token.len() >= 43 && !crate::logs::captured().contains(token));
    }
}
