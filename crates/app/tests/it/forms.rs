//! Public forms: who makes them, what an answer becomes, what keeps machines out.

use std::net::IpAddr;

use chrono::TimeDelta;
use commonweal_app::{Answered, Error, FormLimits, Full, Sent, TurnedAway, answers_of};
use commonweal_domain::form::{AnsweredWords, NewReplyRequest};
use commonweal_domain::question::{ListQuery, Order};
use commonweal_domain::{
    Actor, Channel, FeedbackDoc, Form, FormAnswer, FormDesign, FormLanguage, FormPace, PageRequest, Permission,
    RatingStyle, period,
};
use commonweal_testkit::app::TestApp;
use commonweal_testkit::duties::{ANALYST, MANAGER, VIEWER};
use commonweal_testkit::on_both_engines;

const HERE: &str = "192.0.2.1";

async fn form(t: &TestApp, rating: RatingStyle) -> Form {
    let service = t.app.add_service(&Actor::Operator, "Blue Badge", &["Apply".into()]).await.expect("added");
    let design = FormDesign {
        title: "Blue Badge".into(),
        service: Some(service.id),
        touchpoint: Some(service.touchpoints[0].id),
        rating,
        consent: true,
        ..FormDesign::default()
    };
    t.app.add_form(&Actor::Operator, design).await.expect("made")
}

fn answer(text: &str) -> FormAnswer {
    let words =
        vec![AnsweredWords { field: "better", question: "What could we do better?".into(), text: text.to_owned() }];
    FormAnswer {
        rating: None,
        words,
        page: Some("https://council.example/apply?name=ann".into()),
        reply: None,
        language: FormLanguage::English,
        kiosk: false,
        device: Some("phone".into()),
    }
}

async fn sent(t: &TestApp, form: &Form) -> Sent {
    let token = t.app.form_token(form).await.expect("signed");
    t.clock.advance(TimeDelta::seconds(5));
    Sent { token, trap: false, address: HERE.parse::<IpAddr>().expect("an address") }
}

async fn send(t: &TestApp, form: &Form, answer: FormAnswer, sent: Sent) -> Result<Answered, Error> {
    t.app.answer_form(&form.key, answer, sent, &FormLimits::default()).await
}

async fn answers(t: &TestApp, form: &Form) -> Vec<FeedbackDoc> {
    t.index().await;
    let query = ListQuery { filter: answers_of(form), order: Order::Newest, page: PageRequest::first(100) };
    t.app.list(&Actor::Operator, &query).await.expect("a page").items
}

/// The token with which the answer has to come again.
fn asked_again(found: Result<Answered, Error>) -> String {
    match found {
        Ok(Answered::AskAgain(token)) => token,
        other => panic!("it was to be asked for again: {other:?}"),
    }
}

fn taken(found: Result<Answered, Error>) -> commonweal_app::Receipt {
    match found {
        Ok(Answered::Taken(receipt)) => receipt,
        other => panic!("it was to be taken: {other:?}"),
    }
}

on_both_engines! {
    async fn an_answer_is_feedback_at_its_place_with_its_questions(db: TestDb) {
        let t = TestApp::with(db).await;
        let form = form(&t, RatingStyle::Thumbs).await;
        let given = FormAnswer { rating: Some(0), kiosk: true, ..answer("Ring me on 020 7946 0958") };
        let how = sent(&t, &form).await;
        taken(send(&t, &form, given, how).await);
        let found = answers(&t, &form).await;
        let doc = &found[0];
        assert_eq!(doc.touchpoint.as_deref(), Some("blue-badge/apply"));
        assert_eq!((doc.channel, doc.source.clone()), (Channel::Kiosk, format!("form:{}", form.key)));
        assert_eq!(doc.page.as_deref(), Some("https://council.example/apply"));
        assert_eq!((doc.language.as_deref(), doc.device.as_deref()), (Some("en"), Some("phone")));
        assert_eq!(doc.comments[0].question.as_deref(), Some("What could we do better?"));
        assert_eq!(doc.comments[0].text, "Ring me on [phone]", "redacted before anybody can read it");
        let rating = &doc.ratings[0];
        assert_eq!((rating.name.as_str(), rating.value, rating.worst, rating.best), ("overall", 0.0, 0.0, 1.0));
        let listed = t.app.forms(&Actor::Operator).await.expect("a list");
        assert_eq!((listed[0].answers, listed[0].last), (1, Some(doc.at)));
    }

    async fn a_double_click_is_one_answer_and_changed_words_are_another(db: TestDb) {
        let t = TestApp::with(db).await;
        let form = form(&t, RatingStyle::FivePoints).await;
        let how = sent(&t, &form).await;
        let (one, two) =
            tokio::join!(send(&t, &form, answer("Late"), how.clone()), send(&t, &form, answer("Late"), how.clone()));
        let (one, two) = (taken(one), taken(two));
        assert_eq!(one.id, two.id);
        assert!(one.duplicate != two.duplicate);
        assert!(!taken(send(&t, &form, answer("Late, and nobody rang"), how.clone()).await).duplicate);
        // Another person says the same.
        let other = sent(&t, &form).await;
        assert!(!taken(send(&t, &form, answer("Late"), other).await).duplicate);
        assert_eq!(answers(&t, &form).await.len(), 3);
    }

    async fn what_looks_like_a_machine_is_asked_to_send_once_more_and_then_taken(db: TestDb) {
        let t = TestApp::with(db).await;
        let form = form(&t, RatingStyle::FivePoints).await;
        let good = sent(&t, &form).await;
        let quick = Sent { token: t.app.form_token(&form).await.expect("signed"), ..good.clone() };
        let trapped = Sent { trap: true, ..good.clone() };
        let none = Sent { token: String::new(), ..good.clone() };
        let last = if good.token.ends_with('A') { "B" } else { "A" };
        let forged = Sent { token: format!("{}{last}", &good.token[..good.token.len() - 1]), ..good.clone() };
        for (n, bad) in [quick, trapped, none, forged].into_iter().enumerate() {
            let text = format!("answer {n}");
            let token = asked_again(send(&t, &form, answer(&text), bad.clone()).await);
            assert!(answers(&t, &form).await.iter().all(|d| d.comments[0].text != text), "nothing was kept yet");
            let again = Sent { token, trap: false, ..bad };
            asked_again(send(&t, &form, answer(&text), Sent { trap: true, ..again.clone() }).await);
            t.clock.advance(TimeDelta::seconds(3));
            assert!(!taken(send(&t, &form, answer(&text), again).await).duplicate);
        }
        t.clock.advance(TimeDelta::hours(25));
        let token = asked_again(send(&t, &form, answer("left open"), good.clone()).await);
        t.clock.advance(TimeDelta::seconds(3));
        taken(send(&t, &form, answer("left open"), Sent { token, ..good }).await);
        assert_eq!(answers(&t, &form).await.len(), 5);
    }

    async fn a_busy_address_sends_each_answer_twice_and_only_a_flood_is_refused(db: TestDb) {
        let t = TestApp::with(db).await;
        let form = form(&t, RatingStyle::FivePoints).await;
        let limits = FormLimits { ask_beyond: 2, refuse_beyond: 5, ..FormLimits::default() };
        let send = async |text: &str, how: Sent| t.app.answer_form(&form.key, answer(text), how, &limits).await;
        for n in 0..2 {
            let how = sent(&t, &form).await;
            taken(send(&format!("{n}"), how).await);
        }
        let how = sent(&t, &form).await;
        let token = asked_again(send("busy", how.clone()).await);
        t.clock.advance(TimeDelta::seconds(3));
        taken(send("busy", Sent { token, ..how.clone() }).await);
        let elsewhere = Sent { address: "192.0.2.2".parse().expect("an address"), ..sent(&t, &form).await };
        taken(send("elsewhere", elsewhere).await);
        asked_again(send("fifth", how.clone()).await);
        assert!(matches!(send("sixth", how.clone()).await, Err(Error::TooMany { retry_after_s: 1.. })));
        t.clock.advance(TimeDelta::minutes(10));
        taken(send("later", how).await);
    }

    async fn a_wish_to_hear_back_is_for_administrators_and_each_look_is_audited(db: TestDb) {
        let t = TestApp::with(db).await;
        let form = form(&t, RatingStyle::FivePoints).await;
        let reply = NewReplyRequest { agreed: true, address: " ann@example.org ".into(), words: "Yes, write to me".into() };
        let how = sent(&t, &form).await;
        let given = FormAnswer { reply: Some(reply), ..answer("Late") };
        let receipt = taken(send(&t, &form, given.clone(), how.clone()).await);
        assert!(taken(send(&t, &form, given, how).await).duplicate);
        for duties in [VIEWER, ANALYST, MANAGER] {
            let actor = t.user(duties).await.actor();
            let refused = t.app.reply_requests(&actor, form.id, &PageRequest::first(10)).await;
            assert!(matches!(refused, Err(Error::Denied(Permission::ReadOriginals))), "{duties:?}");
            assert!(t.app.mark_reply(&actor, receipt.id, true).await.is_err());
            assert!(t.app.remove_reply(&actor, receipt.id).await.is_err());
        }
        let found = t.app.reply_requests(&Actor::Operator, form.id, &PageRequest::first(10)).await.expect("a list").items;
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].address.as_str(), found[0].words.as_str()), ("ann@example.org", "Yes, write to me"));
        // Nothing that lists or exports feedback knows of the address.
        let docs = answers(&t, &form).await;
        assert!(!format!("{docs:?}").contains("ann@example.org"));
        assert_eq!(t.app.forms(&Actor::Operator).await.expect("a list")[0].waiting, 1);
        t.app.mark_reply(&Actor::Operator, receipt.id, true).await.expect("marked");
        assert_eq!(t.app.forms(&Actor::Operator).await.expect("a list")[0].waiting, 0);
        t.app.remove_reply(&Actor::Operator, receipt.id).await.expect("removed");
        assert!(t.app.reply_requests(&Actor::Operator, form.id, &PageRequest::first(10)).await.expect("a list").items.is_empty());
        assert_eq!(answers(&t, &form).await.len(), 1, "the feedback stays");
        let trail = t.app.audit_trail(&Actor::Operator, None, &PageRequest::first(50)).await.expect("a trail").items;
        let looks = trail.iter().filter(|l| l.entry.action == "form.reply_requests_read").count();
        assert_eq!(looks, 2);
        assert!(!format!("{trail:?}").contains("ann@example.org"));
    }

    async fn a_closed_form_takes_nothing_and_can_be_opened_again(db: TestDb) {
        let t = TestApp::with(db).await;
        let form = form(&t, RatingStyle::FivePoints).await;
        let how = sent(&t, &form).await;
        t.app.open_form(&Actor::Operator, form.id, false).await.expect("closed");
        let refused = send(&t, &form, answer("Late"), how.clone()).await.expect_err("closed");
        assert_eq!(refused.code(), "form_closed");
        t.app.open_form(&Actor::Operator, form.id, true).await.expect("opened");
        taken(send(&t, &form, answer("Late"), how).await);
        assert!(matches!(t.app.public_form("nothing").await, Err(Error::NotFound("form"))));
    }

    async fn a_form_takes_so_many_a_minute_and_a_day_wherever_they_come_from_and_counts_the_rest(db: TestDb) {
        let t = TestApp::with(db).await;
        let form = form(&t, RatingStyle::FivePoints).await;
        let wrong = FormDesign { pace: FormPace { per_minute: 0, per_day: u32::MAX }, ..form.design.clone() };
        let Err(Error::Invalid(errors)) = t.app.change_form(&Actor::Operator, form.id, 1, wrong).await else {
            panic!("no answer at all was accepted as a pace");
        };
        assert_eq!(errors.0.iter().map(|e| e.field.as_str()).collect::<Vec<_>>(), ["per_minute", "per_day"]);
        let design = FormDesign { pace: FormPace { per_minute: 2, per_day: 3 }, ..form.design.clone() };
        t.app.change_form(&Actor::Operator, form.id, 1, design).await.expect("changed");
        // Noon, so that neither a minute nor a day ends on the way.
        t.clock.set(commonweal_testkit::app::instant("2024-04-10T12:00:00Z"));
        let token = t.app.form_token(&form).await.expect("signed");
        t.clock.advance(TimeDelta::seconds(5));
        let from = |n: u8| Sent { token: token.clone(), trap: false, address: IpAddr::from([192, 0, 2, n]) };
        let full = |found: Result<Answered, Error>| match found {
            Ok(Answered::TurnedAway(full)) => full,
            other => panic!("it was to be turned away: {other:?}"),
        };
        for n in 1..=2 {
            taken(send(&t, &form, answer(&format!("{n}")), from(n)).await);
        }
        let minute = full(send(&t, &form, answer("3"), from(3)).await);
        assert_eq!(minute, Full { retry_after_s: 55, for_today: false });
        let seen = async || t.app.turned_away(&Actor::Operator, form.id).await.expect("counted");
        assert_eq!(seen().await, TurnedAway { today: 1, lately: 1 });
        t.clock.advance(TimeDelta::seconds(55));
        taken(send(&t, &form, answer("3"), from(3)).await);
        let day = full(send(&t, &form, answer("4"), from(4)).await);
        let now = t.app.now();
        let zone = t.app.settings().time_zone;
        let tomorrow = period::date_of(period::day_number(now, zone) + 1).map(|d| period::start_of(d, zone)).expect("a day");
        assert!(day.for_today && now + TimeDelta::seconds(day.retry_after_s.cast_signed()) == tomorrow, "{day:?}");
        assert_eq!(seen().await, TurnedAway { today: 2, lately: 2 });
        let days = t.app.store().form_days(form.id, 0).await.expect("read");
        assert_eq!((days.len(), days[0].taken, days[0].turned_away), (1, 3, 2));
        // What looks like a machine is asked again and counts for nothing; the next day is another one.
        t.clock.set(tomorrow);
        asked_again(send(&t, &form, answer("5"), Sent { trap: true, ..from(5) }).await);
        taken(send(&t, &form, answer("5"), from(5)).await);
        assert_eq!(seen().await, TurnedAway { today: 0, lately: 2 });
        assert_eq!(answers(&t, &form).await.len(), 4);
        let denied = t.app.turned_away(&t.user(ANALYST).await.actor(), form.id).await;
        assert!(matches!(denied, Err(Error::Denied(Permission::ManageForms))));
    }

    async fn tokens_of_a_form_are_replaced_and_those_of_before_are_good_for_a_time(db: TestDb) {
        let t = TestApp::with(db).await;
        let made = form(&t, RatingStyle::FivePoints).await;
        let denied = t.app.roll_form_token(&t.user(ANALYST).await.actor(), made.id, 1).await;
        assert!(matches!(denied, Err(Error::Denied(Permission::ManageForms))));
        let Err(Error::Invalid(errors)) = t.app.roll_form_token(&Actor::Operator, made.id, 25).await else {
            panic!("more hours than a token is good for were accepted");
        };
        assert_eq!(errors.0[0].field, "overlap_hours");
        let (early, late) = (sent(&t, &made).await, sent(&t, &made).await);
        t.app.roll_form_token(&t.user(MANAGER).await.actor(), made.id, 1).await.expect("replaced");
        let now = t.app.form(&Actor::Operator, made.id).await.expect("there");
        assert_eq!((now.token_turn, now.token_old_until), (1, Some(t.app.now() + TimeDelta::hours(1))));
        taken(send(&t, &made, answer("of before, in time"), early).await);
        let new = sent(&t, &now).await;
        t.clock.advance(TimeDelta::hours(1));
        taken(send(&t, &made, answer("of now"), new).await);
        // Nothing is lost: it has to be sent once more.
        let token = asked_again(send(&t, &made, answer("of before, too late"), late.clone()).await);
        t.clock.advance(TimeDelta::seconds(3));
        taken(send(&t, &made, answer("of before, too late"), Sent { token, ..late }).await);
        assert_eq!(answers(&t, &made).await.len(), 3);
        let trail = t.app.audit_trail(&Actor::Operator, None, &PageRequest::first(50)).await.expect("a trail").items;
        let lines: Vec<_> = trail.iter().filter(|l| l.entry.action == "form.token_rolled").collect();
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].entry.subject, format!("form:{}", made.id));
        assert!(lines[0].entry.details["overlap_hours"] == 1 && !format!("{lines:?}").contains(&now.key));
        // At once, without any time in between.
        let held = sent(&t, &now).await;
        t.app.roll_form_token(&Actor::Operator, made.id, 0).await.expect("replaced");
        asked_again(send(&t, &made, answer("no time at all"), held).await);
        let nowhere = t.app.roll_form_token(&Actor::Operator, uuid::Uuid::nil().into(), 0).await;
        assert!(matches!(nowhere, Err(Error::NotFound(_))));
    }

    async fn two_who_edit_one_form_do_not_overwrite_each_other(db: TestDb) {
        let t = TestApp::with(db).await;
        let form = form(&t, RatingStyle::FivePoints).await;
        let mine = FormDesign { title: "Mine".into(), ..form.design.clone() };
        let theirs = FormDesign { title: "Theirs".into(), ..form.design.clone() };
        assert_eq!(t.app.change_form(&Actor::Operator, form.id, 1, mine).await.expect("changed"), 2);
        let late = t.app.change_form(&Actor::Operator, form.id, 1, theirs).await.expect_err("somebody was faster");
        assert!(matches!(late, Error::Conflict { .. }));
        assert_eq!(t.app.form(&Actor::Operator, form.id).await.expect("there").design.title, "Mine");
    }

    async fn a_form_asks_about_a_service_that_is_there_and_about_its_own_touchpoints(db: TestDb) {
        let t = TestApp::with(db).await;
        let form = form(&t, RatingStyle::FivePoints).await;
        let other = t.app.add_service(&Actor::Operator, "Parking", &["Pay".into()]).await.expect("added");
        let design = FormDesign { touchpoint: Some(other.touchpoints[0].id), ..form.design.clone() };
        let Err(Error::Invalid(errors)) = t.app.add_form(&Actor::Operator, design).await else {
            panic!("a touchpoint of another service was accepted");
        };
        assert_eq!(errors.0[0].field, "touchpoint");
        let viewer = t.user(ANALYST).await;
        let actor = viewer.actor();
        assert!(matches!(t.app.add_form(&actor, form.design.clone()).await, Err(Error::Denied(_))));
        assert!(matches!(t.app.forms(&actor).await, Err(Error::Denied(_))));
    }
}
