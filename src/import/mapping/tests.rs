//! Mappings: ours on exports with every trap, and one of a user's own.

use super::*;
use crate::import::testing::{cell, drafts, ground, notes, refusals, workspace};
use crate::import::{Chosen, Told};

fn by(mapping: &str, csv: &str) -> (Vec<Draft>, Vec<Finding>) {
    let config = workspace();
    let chosen = Chosen::mapping("my/tickets.toml", mapping.to_owned()).unwrap();
    let told: Told<'_> = chosen.read(vec![Input::new("t.csv", csv.as_bytes())], ground(&config));
    (told.drafts, told.findings)
}

const SERVICENOW_CSV: &str = "number,opened_at,resolved_at,short_description,priority,state,cmdb_ci,sys_mod_count
INC1,2026-10-05 09:00:00,,打不开,1 - Critical,New,web-01,0
INC1,2026-10-05 09:00:00,2026-10-05 11:00:00,打不开,1 - Critical,Resolved,web-01,10
INC1,2026-10-05 09:00:00,2026-10-05 10:00:00,打不开,1 - Critical,Active,web-01,9
INC2,2026-10-05 09:00:00,2026-10-06 10:00:00,慢,5,Active,mx-01,1
,2026-10-05 09:00:00,,x,,New,web-01,0
INC4,short
";

#[test]
fn of_many_rows_of_one_ticket_the_last_counts() {
    let found = drafts("servicenow", &[("t.csv", SERVICENOW_CSV)]);
    assert_eq!(found.iter().map(|d| d.tail.as_str()).collect::<Vec<_>>(), ["INC1", "INC2"]);
    assert_eq!(cell(&found[0], "resolved_at"), "2026-10-05T11:00:00+08:00", "10 is more than 9");
    assert_eq!((cell(&found[0], "grade"), found[0].names[0].as_str()), ("urgent", "web-01"));
    let said = notes("servicenow", &[("t.csv", SERVICENOW_CSV)]);
    assert!(said.iter().any(|n| n.contains("4 rows tell of 2 tickets")), "{said:?}");
}

#[test]
fn an_end_without_the_state_that_goes_with_it_is_a_plan() {
    let found = drafts("servicenow", &[("t.csv", SERVICENOW_CSV)]);
    assert_eq!(cell(&found[1], "resolved_at"), "");
}

#[test]
fn a_priority_that_the_mapping_does_not_know_is_left_open_and_said() {
    let found = drafts("servicenow", &[("t.csv", SERVICENOW_CSV)]);
    assert_eq!(cell(&found[1], "grade"), "");
    assert!(notes("servicenow", &[("t.csv", SERVICENOW_CSV)]).iter().any(|n| n.contains("\"5\" of grade")));
}

#[test]
fn rows_without_an_id_and_ragged_rows_are_refused() {
    let why = refusals("servicenow", &[("t.csv", SERVICENOW_CSV)]);
    assert!(why.iter().any(|w| w.contains("no id")) && why.iter().any(|w| w.contains("2 cells, the header 8")));
    assert!(refusals("servicenow", &[("t.csv", "subject,priority\na,1\n")])[0].contains("lacks columns"));
}

#[test]
fn jira_with_two_columns_of_one_name_and_two_digit_years() {
    let csv = "Summary,Issue key,Created,Resolved,Priority,Status Category,Comment,Comment\n\
        \"a, b\",OA-1,05/Oct/26 9:00 AM,06/Oct/26 1:05 PM,High,Done,one,two\n\
        c,OA-2,05/Oct/26 9:00 AM,06/Oct/26 1:05 PM,Whatever,In Progress,,\n";
    let found = drafts("jira", &[("j.csv", csv)]);
    assert_eq!(cell(&found[0], "reported_at"), "2026-10-05T09:00:00+08:00");
    assert_eq!((cell(&found[0], "resolved_at"), cell(&found[0], "grade")), ("2026-10-06T13:05:00+08:00", "important"));
    assert_eq!(cell(&found[1], "resolved_at"), "");
}

#[test]
fn glpi_with_its_mark_semicolons_empty_header_and_grouped_id() {
    let csv = "\u{feff}\"ID\";\"Título\";\"Estado\";\"Data de abertura\";\"Data da solução\";\"Prioridade\";\"Tempo para solução\";\n\
        \"2 553\";\"sem\nrede\";\"Solucionado\";\"05-10-2026 09:00\";\"05-10-2026 11:00\";\"Alta\";\"06-10-2026 09:00\";\n\
        \"2\u{a0}554\";\"x\";\"Pendente\";\"05-10-2026 09:00\";\"05-10-2026 11:00\";\"Média\";\"\";\n";
    let found = drafts("glpi", &[("g.csv", csv)]);
    assert_eq!(found.iter().map(|d| d.tail.as_str()).collect::<Vec<_>>(), ["2553", "2554"]);
    assert_eq!(cell(&found[0], "reported_at"), "2026-10-05T09:00:00+08:00");
    assert_eq!(
        (cell(&found[0], "resolved_at"), cell(&found[0], "summary")),
        ("2026-10-05T11:00:00+08:00", "sem\nrede")
    );
    assert_eq!(cell(&found[1], "resolved_at"), "", "it is not solved");
    assert!(notes("glpi", &[("g.csv", csv)]).iter().any(|n| n.contains("%d-%m-%Y %H:%M")));
}

const OWN: &str = r#"
kind = "support"
id = ["Ticket"]
system = ["App"]
formats = ["%m/%d/%Y"]
last_by = []
[take]
column = ["Type"]
is = ["Question"]
[times]
asked_at = ["When"]
[fields]
question = ["Text"]
channel = ["Via"]
[values.channel]
"tel" = "电话"
"#;

#[test]
fn a_mapping_of_the_users_own() {
    let csv =
        "note\nTicket,Type,When,Text,Via,App\nT1,Question,10/05/2026,怎么改密码,TEL,oa\nT2,Incident,10/05/2026,x,,oa\n";
    let (found, said) = by(OWN, csv);
    assert_eq!(found.len(), 1, "{said:?}");
    assert_eq!(cell(&found[0], "asked_at"), "2026-10-05T00:00:00+08:00");
    assert_eq!((cell(&found[0], "channel"), found[0].place.line), ("电话", 3));
    assert_eq!(Chosen::mapping("my/tickets.toml", OWN.to_owned()).unwrap().name(), "tickets");
}

#[test]
fn a_mapping_with_a_mistake_says_where() {
    let why = |text: &str| -> Vec<String> {
        Mapping::read("m.toml", text.to_owned()).unwrap_err().into_iter().map(|f| f.message.en).collect()
    };
    assert!(why(&OWN.replace("[take]", "[tkae]")).iter().any(|w| w.contains("unknown key tkae")));
    assert!(why(&OWN.replace("%m/%d/%Y", "%Q")).iter().any(|w| w.contains("no format of times")));
    assert!(why(&OWN.replace("[values.channel]", "[values.chanel]")).iter().any(|w| w.contains("neither in")));
    assert!(why("name = \"a b\"").len() >= 3);
}

#[test]
fn columns_that_share_a_name_and_differ_are_no_answer() {
    let (found, said) = by(OWN, "Ticket,Type,When,Text,Text,Via,App\nT1,Question,10/05/2026,a,b,,oa\n");
    assert!(found.is_empty());
    assert!(said.iter().any(|f| f.message.en.contains("two columns are called")));
}
