//! Situations that people bring: what looks like an answer is never lost in silence, and no figure is wrong in
//! silence.

use commonweal_domain::import::{Mapping, Target};
use commonweal_domain::{Channel, NewFeedback};

use crate::help::{feedback, look, preview, problem, rows, target, texts, warned};

/// Where each main rating lies between worst and best, in the hundred.
fn scores(all: &[NewFeedback]) -> Vec<Option<u32>> {
    all.iter().map(|f| f.ratings.first().map(|r| (r.score() * 100.0).round() as u32)).collect()
}

fn at(feedback: &NewFeedback) -> String {
    feedback.at.map(|at| at.format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
}

#[test]
fn a_column_that_looks_like_an_answer_and_is_left_out_is_said() {
    let text = "Date,Comment,Waiting score\n2026-05-01,It was slow for us,71.3\n2026-05-02,It was quick for us,64.85\n";
    let preview = preview(text);
    assert_eq!(target(&preview, "Waiting score"), &Target::Ignore);
    warned(&preview, "“Waiting score” is left out, though it looks like ratings: each holds numbers off any scale");
    warned(&preview, "rating.NAME=Waiting score");
}

#[test]
fn a_heading_says_which_end_is_best() {
    let text = "Mark (1 = best; 6 = worst),Remarks\n1,All fine here\n6,Nothing worked\n3,So so\n";
    assert_eq!(scores(&feedback(text)), [Some(100), Some(0), Some(60)]);
    let text = "Boddhad (1 = anfodlon iawn; 10 = bodlon iawn),Sylwadau\n10,Da iawn chi\n5,Eithaf da oedd hi\n";
    assert_eq!(scores(&feedback(text)), [Some(100), Some(44)]);
}

#[test]
fn both_ends_that_the_heading_says_hold_whatever_stands_beside_them() {
    let text = "Puntuación (1 = muy mala; 5 = muy buena),Comentario\n5,Todo bien\n1,Nadie contesta\n0,De ventanilla en ventanilla\n4,Rápido\n";
    warned(&preview(text), "is read on a scale from 1 (worst) to 5 (best), because the heading says so");
    let all = rows(text);
    assert_eq!(all.iter().filter(|row| row.outcome.is_ok()).count(), 3, "the one that is off it is sent back");
}

#[test]
fn few_short_answers_are_words_however_their_question_is_put() {
    for heading in ["Tell us more", "What you said", "Dywedwch fwy", "Díganos más", "Jottings"] {
        let text = format!(
            "Date,Faces,{heading}\n2026-01-01,😀,It was lovely\n2026-01-02,🙁,The room was cold\n2026-01-03,😐,\n2026-01-04,😡,Nobody was there\n"
        );
        assert_eq!(target(&preview(&text), heading), &Target::Comment, "{heading}");
    }
    let places = "Date,Faces,Where\n2026-01-01,😀,North Hall\n2026-01-02,🙁,South Hall\n2026-01-03,😐,West Hall\n";
    assert_ne!(target(&preview(places), "Where"), &Target::Comment);
}

#[test]
fn words_at_one_end_only_make_a_scale_of_numbers() {
    let text = "Overall,Why?\n5 (excellent),Warm and dry\n4,Near my home\n1 (very poor),Nobody was there\n3,It was all right\n";
    assert_eq!(scores(&feedback(text)), [Some(100), Some(75), Some(0), Some(50)]);
}

#[test]
fn codes_for_no_answer_never_stretch_a_scale() {
    let marks = ["4", "888", "2", "5", "999", "1", "3", "888"];
    let lines: String = marks.iter().enumerate().map(|(n, m)| format!("We waited {n} days,{m}\n")).collect();
    let all = feedback(format!("Comment,Rating\n{lines}"));
    assert_eq!(scores(&all), [Some(75), None, Some(25), Some(100), None, Some(0), Some(50), None]);
}

#[test]
fn another_rating_never_takes_the_place_of_the_overall_one() {
    let text = "Overall satisfaction,Speed,Comment\n5,1,Kind people\n99,2,I was only passing\n98,4,\n1,5,Never again\n2,3,So so\n3,3,Fine\n4,4,Good\n";
    let all = feedback(text);
    assert_eq!(scores(&all), [Some(100), None, None, Some(0), Some(25), Some(50), Some(75)]);
    assert_eq!((all[1].attributes["speed"].as_str(), all[2].attributes["speed"].as_str()), ("2", "4"));
    assert!(all[0].attributes.is_empty() && all[0].ratings.len() == 2);
}

#[test]
fn one_bad_cell_costs_its_row_and_not_the_column() {
    let lines: String = (0..40).map(|n| format!("We came on day {n},{}\n", n % 5 + 1)).collect();
    let text = format!("Comment,Rating\n{lines}Somebody slipped here,4x\n");
    warned(&preview(&text), "“Rating” has answers that are not on its scale: “4x”");
    let (row, column, message) = problem(&text);
    assert_eq!((row, column.as_deref()), (42, Some("Rating")));
    assert!(message.contains("“4x” is not on the scale"), "{message}");
    assert_eq!(rows(&text).iter().filter(|r| r.outcome.is_ok()).count(), 40);
}

#[test]
fn answers_in_spanish_and_welsh_are_on_the_scale_of_the_english_ones() {
    let text = "Fecha,¿Cómo de satisfecho está?,Comentarios\n\
        03/04/2026,Muy satisfecha,Todo muy bien\n04/04/2026,Insatisfecho,Nadie contesta\n05/04/2026,No sabe,Era la primera vez\n\
        15/04/2026,Ni satisfecho ni insatisfecho,Normal\n16/04/2026,Muy insatisfecho,\n";
    let all = feedback(text);
    assert_eq!(scores(&all), [Some(100), Some(25), None, Some(50), Some(0)]);
    assert_eq!(at(&all[0]), "2026-04-02 23:00");
    let text = "Dyddiad,Pa mor hawdd oedd hi?,Beth allen ni ei wella?\n\
        3 Mawrth 2026,Hawdd iawn,Mwy o seddi\n14 Mehefin 2026,Anodd,Neb wrth y ddesg\n1 Awst 2026,Amherthnasol,Arwyddion clir\n";
    let all = feedback(text);
    assert_eq!(scores(&all), [Some(100), Some(25), None]);
    assert_eq!((at(&all[1]).as_str(), texts(&all[0])), ("2026-06-13 23:00", vec!["Mwy o seddi"]));
}

#[test]
fn faces_are_a_scale_and_a_face_alone_is_feedback() {
    let text = "When,Smiley\n2026-05-01,🙂\n2026-05-02,☹️\n2026-05-03,😐\n2026-05-04,🙂\n";
    assert_eq!(scores(&feedback(text)), [Some(100), Some(0), Some(50), Some(100)]);
}

#[test]
fn words_that_are_all_different_are_words() {
    let text = "Date,Category,Anything to tell us?\n2026-05-01,Roof,Gate 3 stuck\n2026-05-02,Keys,Cold corridor\n\
        2026-05-03,Damp,Kind plumber\n2026-05-04,Bins,Wrong day\n";
    let all = feedback(text);
    assert_eq!(texts(&all[0]), ["Gate 3 stuck"]);
    assert!(all.iter().all(|f| f.source_id.is_none() && f.attributes.len() == 1));
}

#[test]
fn the_same_id_on_another_date_is_another_feedback() {
    let ids = |text: &str| rows(text).into_iter().map(|r| r.outcome.expect("taken").source_id).collect::<Vec<_>>();
    let may = ids("ID,Date,Comment\n1,2026-05-01,It was late\n2,2026-05-02,It was early\n");
    let june = ids("ID,Date,Comment\n1,2026-06-01,It was wet\n2,2026-06-03,It was dry\n");
    let again = ids("ID,Date,Comment\n1,2026-05-01,It was very late\n2,2026-05-02,It was early\n");
    assert!(may.iter().all(|id| !june.contains(id)), "{may:?} {june:?}");
    assert_eq!(again[0], may[0], "mended words are no other feedback");
    assert_eq!(ids("ID,Comment\n1,It was late\n2,It was early\n")[0].as_deref(), Some("1"));
}

#[test]
fn columns_that_say_who_are_left_out_in_three_languages() {
    let text = "Enw llawn,Correo electrónico,Caller,Reported by,Score,Comment\n\
        Mair Sampl,x,Eva Muestra,Desk 1,4,It was warm\nIoan Sampl,y,Ioan Sampl,Desk 2,2,It was cold\n";
    let preview = preview(text);
    for heading in ["Enw llawn", "Correo electrónico", "Caller", "Reported by"] {
        assert_eq!(target(&preview, heading), &Target::Ignore, "{heading}");
    }
    warned(&preview, "Left out because they may say who somebody is");
    let kinds = "Caller,Score,Comment\nResident,4,It was warm\nTrader,2,It was cold\n";
    assert_eq!(target(&crate::help::preview(kinds), "Caller"), &Target::Attribute("caller".into()));
}

#[test]
fn times_are_those_of_the_zone_in_the_heading() {
    let text = "Ended at (UTC),Comment\n2026-07-01 22:30,It was late\n2026-01-05 08:00,It was early\n";
    assert_eq!(feedback(text).iter().map(at).collect::<Vec<_>>(), ["2026-07-01 22:30", "2026-01-05 08:00"]);
    let text = "Ended at (Europe/Madrid),Comment\n2026-07-01 22:30,It was late\n2026-07-02,It was on that day\n";
    assert_eq!(feedback(text).iter().map(at).collect::<Vec<_>>(), ["2026-07-01 20:30", "2026-07-01 23:00"]);
    warned(&preview(text), "taken as those of Europe/Madrid");
}

#[test]
fn dates_that_stand_for_none_are_none_and_said() {
    let text = "Submit date,Comment\n1970-01-01 00:00:00,It was late\n2026-03-05 10:00:00,It was early\n";
    let all = feedback(text);
    assert_eq!((all[0].at, at(&all[1]).as_str()), (None, "2026-03-05 10:00"));
    warned(&preview(text), "holds 1970-01-01 00:00:00 1 times");
}

#[test]
fn dates_in_words_of_other_languages_are_read_and_never_comments() {
    let text = "Marca,¿Qué mejoraría?\n\
        \"lunes, 5 de enero de 2026, 9:05:00 hora estándar de Europa central\",Más bancos por favor\n\
        \"martes, 16 de junio de 2026, 18:40:00 hora de verano de Europa central\",Nada que decir de momento\n";
    let all = feedback(text);
    assert_eq!(all.iter().map(at).collect::<Vec<_>>(), ["2026-01-05 08:05", "2026-06-16 16:40"]);
    let text = "Aika,What could we do better?\ntiistai 6. tammikuuta 2026 klo 09:05,More seats please\n\
        keskiviikko 7. tammikuuta 2026 klo 10:15,Open the doors on time\n";
    let preview = preview(text);
    assert_eq!(target(&preview, "Aika"), &Target::Ignore);
    warned(&preview, "“Aika” looks like that date");
}

#[test]
fn totals_and_previews_are_sent_back_and_spoil_nothing() {
    let text = "Site,Score,Comment\nHall,5,It was warm\nShed,2,It was cold\nPier,4,It was wet\nMean,3.666667,\n";
    assert_eq!(target(&preview(text), "Score"), &Target::Rating("overall".into()));
    assert!(problem(text).2.contains("a total or an average"));
    let text = "Status,Score,Comment\nIP Address,5,It was warm\nSurvey Preview,1,try\nIP Address,3,It was cold\n";
    assert!(problem(text).2.contains("author of the survey"));
}

#[test]
fn a_help_desk_writes_pages_and_calls_email_mail() {
    let text = "Ticket ID,Requester,Via,Description,Satisfaction Score\n\
        71,Eva Muestra,Mail,<div>The <b>gate</b> &amp; the bell are broken.</div><div>Please mend them</div><p>Eva Muestra</p>,Good\n\
        72,Ioan Sampl,Phone call (outbound),Nobody rang us back,Unoffered\n73,Ioan Sampl,Web form,It is dark there,Bad\n";
    let all = feedback(text);
    assert_eq!(texts(&all[0]), ["The gate & the bell are broken.\nPlease mend them\n[name]"]);
    assert_eq!(all.iter().map(|f| f.channel).collect::<Vec<_>>(), [Channel::Email, Channel::Phone, Channel::Web]);
    assert_eq!(scores(&all), [Some(100), None, Some(0)]);
    assert!(all.iter().all(|f| f.attributes.is_empty()));
}

#[test]
fn one_row_for_each_answer_is_said_and_its_numbers_are_no_words() {
    let text = "Submission id,Prompt,Answer\na1,How warm was the hall? (1-5),4\na1,What was good?,The chairs were\n\
        b2,How warm was the hall? (1-5),2\nb2,What was good?,Nothing at all was good\n";
    let preview = preview(text);
    warned(&preview, "one row for each answer");
    let all = feedback(text);
    assert_eq!(scores(&all), [Some(75), None, Some(25), None]);
    assert_eq!(
        (all[0].ratings[0].name.as_str(), texts(&all[1])),
        ("how_warm_was_the_hall_1_5", vec!["The chairs were"])
    );
}

#[test]
fn a_scale_against_which_the_comments_speak_is_said() {
    let text = "Rating,Comment\n1,Excellent and kind\n5,Rude and useless\n1,\"Wonderful, thank you\"\n5,Awful place\n\
        2,Very helpful man\n4,Disgraceful\n1,Lovely\n";
    warned(&preview(text), "7 of 7 comments with clear words say the opposite of “Rating”: is 1 best there, not 5?");
    let turned = look(text, &Mapping { scale: Some((5.0, 1.0)), ..Mapping::default() }).expect("it can be read");
    assert!(!turned.warnings.iter().any(|w| w.contains("say the opposite")), "{:?}", turned.warnings);
}

#[test]
fn the_options_of_a_question_can_be_told_apart() {
    let text = "Respondent ID,How did you find out about the new opening times?,,,What could be better?\n\
        ,Poster,Email,Other (please specify),Open-Ended Response\n901,Poster,,,More seats please\n902,,Email,A friend,It is too dark\n";
    let names: Vec<String> = feedback(text)[1].attributes.keys().cloned().collect();
    assert!(names.iter().any(|n| n.ends_with("electronic_mail")), "{names:?}");
    assert!(names.iter().any(|n| n.contains("other_please_specify")), "{names:?}");
}

#[test]
fn an_export_of_this_program_comes_back_as_it_was() {
    let text = "id,at,received_at,service,touchpoint,channel,rating,rating_worst,rating_best,rating_step,sentiment,question,comment,themes,function,source,attr.ward\n\
        u-1,2026-02-03T10:00:00+00:00,2026-05-01T09:00:00+00:00,bins,bins/missed,phone,4,1,5,4,positive,\"What went well?\n\nWhat did not?\",\"Quick\n\n'- lid broken\",waste,serve,x,North\n\
        u-2,2026-02-04T11:30:00+00:00,2026-05-01T09:00:00+00:00,bins,,web,8,0,10,4,neutral,,It was all right,,serve,x,\n";
    let all = feedback(text);
    assert_eq!(all.iter().map(at).collect::<Vec<_>>(), ["2026-02-03 10:00", "2026-02-04 11:30"]);
    assert_eq!((all[0].source_id.as_deref(), all[0].touchpoint.as_deref()), (Some("u-1"), Some("missed")));
    assert_eq!(texts(&all[0]), ["Quick", "'- lid broken"]);
    assert_eq!(all[0].comments[1].question.as_deref(), Some("What did not?"));
    assert_eq!((all[1].ratings[0].worst, all[1].ratings[0].best, all[1].ratings[0].value), (0.0, 10.0, 8.0));
    assert_eq!(all[0].attributes.clone().into_iter().collect::<Vec<_>>(), [("ward".to_owned(), "North".to_owned())]);
}

#[test]
fn answers_that_say_nothing_are_no_words() {
    let text = "Rating,What could be better?\n4,Not provided\n5,No comment\n3,x\n2,--.--\n1,Dim sylwadau\n4,None\n5,Two more benches\n";
    let all = feedback(text);
    assert!(all[..5].iter().all(|f| f.comments.is_empty()), "{all:?}");
    assert_eq!((texts(&all[5]), texts(&all[6])), (vec!["None"], vec!["Two more benches"]));
}

#[test]
fn numbers_that_a_spreadsheet_program_cut_are_no_ids() {
    let text = "Case number,Comment\n1.20241E+14,It was late\n1.20242E+14,It was early\n";
    let preview = preview(text);
    assert_eq!(target(&preview, "Case number"), &Target::Ignore);
    assert!(preview.columns[0].reason.contains("spreadsheet program cut"), "{:?}", preview.columns[0]);
}
