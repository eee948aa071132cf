//! Large sends: who approves them, how they begin, what stops them, and what a planner is told before.

use chrono::TimeDelta;
use commonweal_app::Error;
use commonweal_app::deliver::{DispatchDraft, Says};
use commonweal_app::people::{HandleTold, PersonTold};
use commonweal_domain::audience::{AttributeRule, Reach};
use commonweal_domain::ramp::{Excess, Halt};
use commonweal_domain::{
    Actor, ContactBudget, Details, Dispatch, DispatchId, DispatchState, Duty, Grant, HandleKind, Lane, LargeSends,
    PageRequest, PersonId, Problem, Rule, TeamFunction, TeamId,
};
use commonweal_testkit::app::TestApp;
use commonweal_testkit::on_both_engines;

use crate::deliveries::{agree, became, by, draft, jobs, person, send, sender, setup, texts, topic};

const OPERATOR: Actor = Actor::Operator;

async fn rules(t: &TestApp, large_sends: LargeSends) {
    let (version, settings) = t.app.settings_to_change(&OPERATOR).await.expect("there");
    let settings = commonweal_domain::BodySettings { large_sends, ..settings };
    t.app.save_settings(&OPERATOR, version, settings).await.expect("saved");
}

/// Plans a send and writes everybody down.
async fn plan(t: &TestApp, actor: &Actor, draft: DispatchDraft) -> Dispatch {
    let planned = t.app.plan_dispatch(actor, draft).await.expect("planned");
    jobs(t).await;
    planned
}

/// Somebody of whom a source says a number.
async fn numbered(t: &TestApp, n: u32) -> PersonId {
    let email = format!("p{n}@example.org");
    let details = Details { attributes: [("number".to_owned(), n.to_string())].into(), ..Details::default() };
    let details = Details { given_names: Some("Ann".into()), ..details };
    let told = PersonTold { key: email.clone(), details, handles: vec![HandleTold::new(HandleKind::Email, &email)] };
    t.app.tell_of_people(&OPERATOR, "housing", &[told]).await.expect("kept")[0].person
}

async fn approver_of(t: &TestApp, team: TeamId) -> Actor {
    let grants = [Grant { duty: Duty::Approver, team: Some(team) }].into_iter().collect();
    Actor::User { id: t.user(&[]).await.id, grants }
}

async fn stands(t: &TestApp, id: DispatchId) -> Dispatch {
    t.app.dispatch(&OPERATOR, id).await.expect("there").dispatch
}

fn code_of<T: std::fmt::Debug>(refused: Result<T, Error>) -> String {
    refused.expect_err("refused").code().to_owned()
}

on_both_engines! {
    async fn a_large_send_goes_out_when_a_second_person_approves_the_very_version(db: TestDb) {
        let t = TestApp::with(db).await;
        rules(&t, LargeSends { approval_above: Some(1), ramp_from: None, ramp_minutes: 30 }).await;
        for n in 0..2 {
            person(&t, &format!("p{n}@example.org")).await;
        }
        let out = sender(&t, setup("mail")).await;
        let housing = t.app.add_team(&OPERATOR, "Housing", TeamFunction::Serve).await.expect("added").id;
        let parks = t.app.add_team(&OPERATOR, "Parks", TeamFunction::Serve).await.expect("added").id;
        let maker = t.user(&[Duty::Communicator, Duty::Approver]).await.actor();
        let of_housing = DispatchDraft { team: Some(housing), ..draft(out, Lane::Statutory, None) };
        let planned = plan(&t, &maker, of_housing.clone()).await;
        t.app.deliver_due().await.expect("nothing is");
        assert_eq!(stands(&t, planned.id).await.state, DispatchState::AwaitingApproval, "what a law demands, too");
        assert!(t.post.arrived().is_empty());
        let version = planned.content;
        assert_eq!(code_of(t.app.approve_dispatch(&maker, planned.id, version, "").await), "same_person");
        let reader = t.user(&[Duty::Communicator]).await.actor();
        assert_eq!(code_of(t.app.approve_dispatch(&reader, planned.id, version, "").await), "denied");
        // Whoever approves for another team does not know of it.
        let other = approver_of(&t, parks).await;
        assert_eq!(code_of(t.app.approve_dispatch(&other, planned.id, version, "").await), "not_found");
        assert!(t.app.dispatches_to_approve(&other).await.expect("may").is_empty());
        let second = approver_of(&t, housing).await;
        assert_eq!(t.app.dispatches_to_approve(&second).await.expect("may").len(), 1);
        assert!(t.app.dispatches_to_approve(&maker).await.expect("may").is_empty(), "it is theirs");
        let another = t.app.add_message(&OPERATOR, "Other", texts("Something else.")).await.expect("written");
        assert_eq!(code_of(t.app.approve_dispatch(&second, planned.id, another.id, "").await), "other_version");
        t.app.approve_dispatch(&second, planned.id, version, "Good.").await.expect("approved");
        assert_eq!(code_of(t.app.approve_dispatch(&second, planned.id, version, "").await), "not_waiting_for_approval");
        t.app.deliver_due().await.expect("delivered");
        assert_eq!(became(&t, planned.id).await.handed_over, 2);
        let seen = t.app.dispatch(&second, planned.id).await.expect("seen");
        assert_eq!((seen.approvals.len(), seen.approvals[0].by.clone()), (1, second.audit_name()));
        assert_eq!(seen.approvals[0].version, version);
        // Another send needs another approval, though it says the same; whoever wrote it is no second person.
        let stored = DispatchDraft { says: Says::Version(version), ..of_housing };
        let again = plan(&t, &OPERATOR, stored).await;
        assert_eq!(stands(&t, again.id).await.state, DispatchState::AwaitingApproval);
        let writer = t.app.approve_dispatch(&maker, again.id, version, "").await;
        assert_eq!(code_of(writer), "same_person");
        let silent = t.app.decline_dispatch(&second, again.id, version, " ").await;
        assert!(matches!(&silent, Err(Error::Invalid(e)) if e.0[0].field == "note"), "{silent:?}");
        t.app.decline_dispatch(&second, again.id, version, "They had it.").await.expect("declined");
        let all = became(&t, again.id).await;
        assert_eq!(all.skipped, by(&[("cancelled", 2)]));
        assert_eq!(stands(&t, again.id).await.state, DispatchState::Declined);
        assert_eq!(code_of(t.app.resume_dispatch(&maker, again.id).await), "conflict");
    }

    async fn a_large_send_begins_with_a_few_and_goes_on_by_itself(db: TestDb) {
        let t = TestApp::with(db).await;
        rules(&t, LargeSends { approval_above: None, ramp_from: Some(100), ramp_minutes: 30 }).await;
        for n in 0..150 {
            person(&t, &format!("p{n}@example.org")).await;
        }
        let out = sender(&t, setup("mail")).await;
        // A law does not wait.
        let law = send(&t, draft(out, Lane::Statutory, None)).await;
        assert_eq!(became(&t, law.id).await.handed_over, 150);
        let planned = send(&t, draft(out, Lane::Service, None)).await;
        assert_eq!(became(&t, planned.id).await.handed_over, 2, "one of a hundred");
        t.clock.advance(TimeDelta::minutes(29));
        t.app.deliver_due().await.expect("nothing is");
        assert_eq!(became(&t, planned.id).await.handed_over, 2);
        t.clock.advance(TimeDelta::minutes(2));
        t.app.deliver_due().await.expect("delivered");
        assert_eq!(became(&t, planned.id).await.handed_over, 150);
        t.app.deliver_due().await.expect("over");
        assert_eq!(stands(&t, planned.id).await.state, DispatchState::Finished);
    }

    async fn too_much_that_comes_back_stops_a_send_until_somebody_lets_it_go_on(db: TestDb) {
        let t = TestApp::with(db).await;
        rules(&t, LargeSends { approval_above: None, ramp_from: None, ramp_minutes: 30 }).await;
        // Known first, so that they are written to first. So many that it is too much whatever went out beside them meanwhile.
        for n in 0..40 {
            person(&t, &format!("gone-{n}@example.org")).await;
        }
        for n in 0..300 {
            person(&t, &format!("p{n}@example.org")).await;
        }
        let out = sender(&t, setup("mail")).await;
        let planned = send(&t, draft(out, Lane::Service, None)).await;
        let halted = stands(&t, planned.id).await;
        assert_eq!(halted.state, DispatchState::Paused, "{:?}", became(&t, planned.id).await);
        let Some(Problem::Limit(Halt { excess: Excess::Bounces, of_those, .. })) = halted.problem else {
            panic!("{:?}", halted.problem)
        };
        assert!(of_those >= 5, "{of_those}");
        assert!(became(&t, planned.id).await.still_pending() > 0);
        let communicator = t.user(&[Duty::Communicator]).await.actor();
        // Again for those that had come back, and were not counted yet, when it was let go on.
        let mut times = 0;
        while stands(&t, planned.id).await.state == DispatchState::Paused {
            t.app.resume_dispatch(&communicator, planned.id).await.expect("goes on");
            t.app.deliver_due().await.expect("delivered");
            times += 1;
        }
        assert!(times <= 5, "{times}");
        let all = became(&t, planned.id).await;
        assert_eq!((all.handed_over, all.still_pending()), (300, 0), "{all:?}");
        assert_eq!(stands(&t, planned.id).await.problem, None);
    }

    async fn a_rule_that_names_nothing_is_refused_and_a_send_that_cannot_be_planned_says_why(db: TestDb) {
        let t = TestApp::with(db).await;
        numbered(&t, 1).await;
        let out = sender(&t, setup("mail")).await;
        let colour = Rule::Attribute(AttributeRule { name: "colour".into(), is: vec!["red".into()] });
        let nameless = DispatchDraft { audience: colour, ..draft(out, Lane::Service, None) };
        let refused = t.app.plan_dispatch(&OPERATOR, nameless).await;
        assert!(matches!(&refused, Err(Error::Invalid(e)) if e.0[0].field.starts_with("audience")), "{refused:?}");
        assert!(t.app.dispatches(&OPERATOR, &PageRequest::first(9)).await.expect("may").items.is_empty());
        // What it names goes away before everybody is written down.
        let of_one = DispatchDraft { audience: of_numbers(1..2), ..draft(out, Lane::Service, None) };
        let planned = t.app.plan_dispatch(&OPERATOR, of_one).await.expect("planned");
        let colour = r#"{"attribute": {"name": "colour", "is": ["red"]}}"#;
        t.db.meddle(&format!("UPDATE dispatches SET audience = '{colour}'")).await;
        jobs(&t).await;
        let failed = stands(&t, planned.id).await;
        assert_eq!(failed.state, DispatchState::Failed);
        assert!(matches!(&failed.problem, Some(Problem::NotPlanned { why }) if why.contains("colour")), "{failed:?}");
        assert!(t.post.arrived().is_empty());
    }

    async fn the_sentence_for_the_planner_is_right_by_count(db: TestDb) {
        let t = TestApp::with(db).await;
        rules(&t, LargeSends { approval_above: None, ramp_from: None, ramp_minutes: 30 }).await;
        let (version, settings) = t.app.settings_to_change(&OPERATOR).await.expect("there");
        let settings = commonweal_domain::BodySettings { contact_budget: ContactBudget { most: 1, days: 7 }, ..settings };
        t.app.save_settings(&OPERATOR, version, settings).await.expect("saved");
        let street = topic(&t).await;
        for n in 0..40 {
            let one = numbered(&t, n).await;
            if n % 5 != 0 {
                agree(&t, one, &street, true).await;
            }
        }
        let revenues = t.app.add_team(&OPERATOR, "Revenues", TeamFunction::Inform).await.expect("added").id;
        let parks = t.app.add_team(&OPERATOR, "Parks", TeamFunction::Inform).await.expect("added").id;
        let out = sender(&t, setup("mail")).await;
        let named = |name: &str, team, numbers: std::ops::Range<u32>| DispatchDraft {
            name: name.into(),
            team: Some(team),
            audience: of_numbers(numbers),
            ..draft(out, Lane::News, Some(&street))
        };
        // Twelve people get one of Revenues now, others one of Parks tomorrow.
        let tax = send(&t, named("Council tax", revenues, 0..15)).await;
        assert_eq!(became(&t, tax.id).await.handed_over, 12);
        let trees = DispatchDraft { starts_at: Some(t.app.now() + TimeDelta::days(1)), ..named("Trees", parks, 15..30) };
        let trees = plan(&t, &OPERATOR, trees).await;
        let ours = DispatchDraft {
            starts_at: Some(t.app.now() + TimeDelta::days(2)),
            ends_at: Some(t.app.now() + TimeDelta::days(30)),
            ..draft(out, Lane::News, Some(&street))
        };
        let run = t.app.dry_run(&OPERATOR, &ours).await.expect("tried");
        assert_eq!((run.audience, run.now, run.all_later(), run.all_never()), (40, 8, 24, 8), "{run:?}");
        assert_eq!((&run.later, &run.never), (&by(&[("budget", 24)]), &by(&[("no_consent", 8)])));
        let held: Vec<_> = run.held_by.iter().map(|h| (h.dispatch, h.team, h.sent, h.people)).collect();
        assert_eq!(held.len(), 2);
        assert!(held.contains(&(Some(tax.id), Some(revenues), true, 12)), "{held:?}");
        assert!(held.contains(&(Some(trees.id), Some(parks), false, 12)), "{held:?}");
        assert_eq!(run.held_by.iter().map(|h| h.people).sum::<u64>(), run.later["budget"]);
        let dropped = DispatchDraft { drop_held: true, name: "Dropped".into(), ..ours.clone() };
        let without = t.app.dry_run(&OPERATOR, &dropped).await.expect("tried");
        assert_eq!((without.now, without.all_later()), (8, 0));
        assert_eq!(without.never, by(&[("budget", 24), ("no_consent", 8)]));
        // Then what was said happens.
        let planned = plan(&t, &OPERATOR, ours).await;
        t.clock.advance(TimeDelta::days(1));
        t.app.deliver_due().await.expect("delivered");
        assert_eq!(became(&t, trees.id).await.handed_over, 12);
        t.clock.advance(TimeDelta::days(1));
        t.app.deliver_due().await.expect("delivered");
        let all = became(&t, planned.id).await;
        assert_eq!((all.handed_over, &all.pending, &all.skipped), (run.now, &run.later, &run.never));
        // Each whose time is said to have come has it then, and nobody before.
        let mut until: Vec<_> = run.held_by.iter().map(|h| (h.until, h.from, h.people)).collect();
        until.sort();
        let mut gone = run.now;
        for (until, from, people) in until {
            assert_eq!(from, until, "all of them had it at once");
            t.clock.advance(until - t.app.now() - TimeDelta::seconds(1));
            t.app.deliver_due().await.expect("delivered");
            assert_eq!(became(&t, planned.id).await.handed_over, gone, "not before");
            t.clock.advance(TimeDelta::seconds(1));
            t.app.deliver_due().await.expect("delivered");
            gone += people;
            assert_eq!(became(&t, planned.id).await.handed_over, gone);
        }
    }

    async fn whoever_is_held_back_is_left_out_where_that_is_chosen(db: TestDb) {
        let t = TestApp::with(db).await;
        let street = topic(&t).await;
        for email in ["ann@example.org", "bea@example.org"] {
            let one = person(&t, email).await;
            agree(&t, one, &street, true).await;
        }
        let out = sender(&t, setup("mail")).await;
        for n in 0..2 {
            let one = DispatchDraft { name: format!("Send {n}"), ..draft(out, Lane::News, Some(&street)) };
            send(&t, one).await;
        }
        let dropping = DispatchDraft { drop_held: true, ..draft(out, Lane::News, Some(&street)) };
        let waiting = plan(&t, &OPERATOR, DispatchDraft { says: Says::Texts(texts("Later.")), ..draft(out, Lane::News, Some(&street)) }).await;
        t.app.pause_dispatch(&OPERATOR, waiting.id).await.expect("paused");
        let run = t.app.dry_run(&OPERATOR, &dropping).await.expect("tried");
        assert_eq!(run.overlaps.iter().map(|o| (o.dispatch, o.people)).collect::<Vec<_>>(), [(waiting.id, 2)]);
        let planned = send(&t, dropping).await;
        assert_eq!(became(&t, planned.id).await.skipped, by(&[("budget", 2)]));
        assert_eq!(t.post.arrived().len(), 4);
    }
}

/// People of these numbers.
fn of_numbers(of: std::ops::Range<u32>) -> Rule {
    let is = of.map(|n| format!("{n}")).collect();
    Rule::All(vec![Rule::Reach(vec![Reach::Email]), Rule::Attribute(AttributeRule { name: "number".into(), is })])
}
