//! What the built-in standard holds: the list is the disk, every text is there in both languages, and what sheets are
//! known to say is understood.

use std::collections::BTreeSet;
use std::path::Path;

use super::*;
use crate::say::{Said, placeholders};
use crate::standard::{Kind, Type};

/// Every file below the folder on the disk.
fn on_disk(folder: &Path, below: &str, out: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{below}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            on_disk(&entry.path(), &format!("{name}/"), out);
        } else {
            out.insert(name);
        }
    }
}

#[test]
fn the_built_in_standards_are_what_stands_on_the_disk() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = std::fs::read_dir(root.join("standards")).unwrap().map(Result::unwrap);
    let folders: BTreeSet<String> = folders
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(folders, BUILTIN.iter().map(|name| (*name).to_owned()).collect());
    for name in BUILTIN {
        let folder = format!("standards/{name}/");
        let mut disk = BTreeSet::new();
        on_disk(&root.join(&folder), &folder, &mut disk);
        for (path, text) in builtin(name).unwrap() {
            // A kind that two standards share stands on the disk once.
            let own = disk.remove(&path);
            let shared = path.replace(&folder, FOLDER);
            assert!(own || shared.starts_with(&format!("{FOLDER}kinds/")), "{path}");
            let there = std::fs::read_to_string(root.join(if own { &path } else { &shared })).unwrap();
            assert_eq!(text, there, "{path}");
        }
        assert_eq!(disk, BTreeSet::new());
    }
}

#[test]
fn each_file_is_read_and_named_after_what_it_holds() {
    let standard = read(built_in()).unwrap();
    let named = |folder: &str| -> BTreeSet<String> {
        let prefix = format!("{FOLDER}{folder}/");
        let names = built_in().into_keys().filter_map(|path| path.strip_prefix(&prefix).map(str::to_owned));
        names.map(|name| name.strip_suffix(".toml").unwrap().to_owned()).collect()
    };
    let kinds: BTreeSet<String> = standard.kinds.iter().map(|k| k.name.clone()).collect();
    let clauses: BTreeSet<String> = standard.clauses.iter().map(|c| c.id.clone()).collect();
    assert_eq!((kinds.len(), clauses.len()), (18, 21));
    assert_eq!((named("kinds"), named("clauses")), (kinds, clauses));
    assert_eq!(built_in().len(), 18 + 21 + 1);
    assert_eq!(standard.chapters.iter().map(|c| c.id.as_str()).collect::<Vec<_>>(), ["2", "3", "4", "5"]);
    assert_eq!((standard.rules.len(), standard.params.len()), (50, 14));
}

fn han(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// Chinese is Chinese and English is English; a name such as CPU may be the same in both.
fn both(said: &Said, what: &str) {
    assert!(han(&said.zh) && !han(&said.en) && !said.en.is_empty(), "{what}: {said:?}");
    assert!(said.zh.trim() == said.zh && said.en.trim() == said.en, "{what}: {said:?}");
    for text in [&said.zh, &said.en] {
        assert!(!text.contains(['\n', '\t']) && !text.contains("  "), "{what}: {text}");
    }
}

#[test]
fn every_text_is_there_in_both_languages() {
    for name in BUILTIN {
        complete(&read(builtin(name).unwrap()).unwrap());
    }
}

fn complete(standard: &Standard) {
    both(&standard.title, "standard");
    for chapter in &standard.chapters {
        both(&chapter.title, &chapter.id);
    }
    for param in &standard.params {
        both(&param.text, &param.name);
    }
    for clause in &standard.clauses {
        both(&clause.title, &clause.id);
        both(&clause.text, &clause.id);
        assert!(clause.text.zh.ends_with('。') && clause.text.en.ends_with('.'), "{}", clause.id);
        assert!(standard.rules_of(&clause.id).next().is_some(), "{} has a rule", clause.id);
    }
    for rule in &standard.rules {
        for said in [&rule.title, &rule.message, &rule.why, &*rule.fix] {
            both(said, &rule.id);
        }
        for said in [&rule.why, &*rule.fix] {
            assert!(said.zh.ends_with('。') && said.en.ends_with('.'), "{}: {said:?}", rule.id);
        }
        for said in [&rule.title, &rule.message] {
            assert!(!said.zh.ends_with('。') && !said.en.ends_with('.'), "{}: {said:?}", rule.id);
        }
        let names = |text: &str| placeholders(text).map(str::to_owned).collect::<BTreeSet<_>>();
        assert_eq!(names(&rule.message.zh), names(&rule.message.en), "{}", rule.id);
        assert!(placeholders(&rule.title.zh).next().is_none(), "parameters are filled in: {:?}", rule.title);
    }
    for kind in &standard.kinds {
        both(&kind.title, &kind.name);
        both(&kind.about, &kind.name);
        assert!(!kind.facets.is_empty(), "{} has facets", kind.name);
        for field in &kind.fields {
            both(&field.title, &format!("{}.{}", kind.name, field.name));
            if let Type::Choice(choices) = &field.ty {
                for choice in choices {
                    both(&choice.title, &format!("{}.{}", field.name, choice.name));
                }
            }
        }
    }
}

#[test]
fn texts_say_the_values_that_hold() {
    let with = |lines: &str| Standard::read(built_in(), &config(lines)).unwrap();
    let title = |standard: &Standard| standard.rule("update.high-risk-timely").unwrap().title.clone();
    assert_eq!(title(&with("")).zh, "超危和高危补丁 14 天内安装");
    let dated = "[standard.params]\npatch_days = [{ from = 2025-01-01, value = 30 }, { from = 2026-01-01, value = 7 }]";
    assert_eq!(title(&with(dated)).en, "Critical and high updates are applied within 7 days");
    let percent = with("[standard.params]\navailability_percent = 99.95");
    assert!(percent.clauses.iter().any(|c| c.id == "4.1.1" && c.text.en.contains("99.95 % of every month")));
}

/// Headers that have to be understood, by field: in each kind that has the field and no field of that very name.
const HEADERS: [(&str, &str); 27] = [
    ("id", "编号 单号 记录编号 工单号 ticket number key"),
    ("system", "系统 所属系统 系统名称 service"),
    ("started_at", "开始时间 备份时间 start begin"),
    ("finished_at", "结束时间 完成时间 end finish"),
    ("ended_at", "结束时间 完成时间 end finish"),
    ("type", "类型 备份类型"),
    ("result", "结果 备份结果 状态 status"),
    ("size", "大小 数据量 备份大小"),
    ("location", "存放位置 存储位置"),
    ("offsite", "异地 是否异地"),
    ("operator", "操作人 执行人 值班人"),
    ("reported_at", "报告时间 提交时间 created opened_at"),
    ("reporter", "报告人 提交人"),
    ("grade", "等级 级别 故障等级 priority severity"),
    ("summary", "标题 摘要 故障现象 title subject"),
    ("description", "描述 详细描述"),
    ("responded_at", "响应时间 first-response acknowledged_at"),
    ("resolved_at", "解决时间 修复时间 closed_at"),
    ("cause", "原因 故障原因 root_cause"),
    ("resolution", "处理措施 解决方案"),
    ("verified_at", "验证时间"),
    ("verified_by", "验证人"),
    ("checked_at", "检查时间"),
    ("component", "组件 补丁 package"),
    ("from_version", "原版本"),
    ("to_version", "新版本 目标版本"),
    ("notes", "备注 说明 remark comment"),
];

#[test]
fn headers_that_sheets_are_known_to_have_are_understood() {
    let standard = read(built_in()).unwrap();
    let mut seen = 0;
    for (name, words) in HEADERS {
        for kind in standard.kinds.iter().filter(|k| !k.pages) {
            let Some(field) = kind.field(name) else { continue };
            for word in words.split(' ').filter(|word| kind.field(word).is_none()) {
                assert_eq!(kind.header(word), Some(field), "{word} is {name} in {}", kind.name);
                assert_eq!(kind.header(&format!(" {} ", word.to_uppercase())), Some(field));
                seen += 1;
            }
        }
    }
    assert!(seen > 250, "{seen}");
    let applied = standard.kinds[standard.kind("update").unwrap()].clone();
    for word in ["更新时间", "安装时间", "ＩＮＳＴＡＬＬ　ＤＡＴＥ"] {
        assert_eq!(applied.header(word), applied.field("applied_at"), "{word}");
    }
}

/// Words that have to be understood: kind, field, value, words.
const WORDS: [(&str, &str, &str, &str); 22] = [
    ("backup", "result", "success", "成功 正常 完成 OK completed succeeded 0"),
    ("backup", "result", "failed", "失败 异常 error failure"),
    ("backup", "result", "partial", "部分成功 警告 warning"),
    ("backup", "type", "full", "全量 完整 完全 全备"),
    ("backup", "type", "incremental", "增量 Incr"),
    ("backup", "type", "differential", "差异 差量 Diff"),
    ("fault", "grade", "urgent", "紧急 一级 P1 Critical S1 SEV1"),
    ("fault", "grade", "important", "重要 严重 二级 P2 major High S2"),
    ("fault", "grade", "general", "一般 普通 三级 P3 P4 minor low medium S3 S4"),
    ("update", "severity", "critical", "严重 超危 CRITICAL"),
    ("update", "severity", "high", "高危 高 important"),
    ("update", "severity", "medium", "中危 中 moderate"),
    ("update", "severity", "low", "低危 低 Negligible"),
    ("update", "severity", "none", "无 Informational"),
    ("update", "result", "rolled-back", "回退 已回滚"),
    ("update", "result", "not-needed", "无需更新 不适用"),
    ("training", "audience", "operations", "运维 IT运维"),
    ("training", "audience", "business", "业务"),
    ("access", "change", "revoke", "收回 撤销"),
    ("policy", "topic", "device", "移动存储 USB"),
    ("improvement", "status", "done", "已完成 closed"),
    ("review", "decision", "returned", "退回 驳回 rejected"),
];

fn value<'a>(kind: &'a Kind, field: &str, word: &str) -> Option<&'a str> {
    let word = word.to_lowercase();
    let choices = kind.choices(kind.field(field).unwrap()).iter();
    let mut found = choices.filter(|c| {
        let mut words = c.words.iter().chain([&c.name, &c.title.zh, &c.title.en]);
        words.any(|w| w.to_lowercase() == word)
    });
    found.next().map(|c| c.name.as_str())
}

#[test]
fn words_that_sheets_are_known_to_use_are_understood() {
    let standard = read(built_in()).unwrap();
    let kind = |name: &str| &standard.kinds[standard.kind(name).unwrap()];
    for (of, field, name, words) in WORDS {
        for word in words.split(' ') {
            assert_eq!(value(kind(of), field, word), Some(name), "{word}");
        }
    }
    // A bare number says nothing: some scales begin with the worst, others end with it.
    for number in ["0", "1", "2", "3", "4", "5"] {
        assert_eq!(value(kind("fault"), "grade", number), None);
        assert_eq!(value(kind("update"), "severity", number), None);
    }
    // What fits no value is not bent to fit.
    for (of, field, word) in
        [("fault", "grade", "四级"), ("update", "severity", "较高"), ("update", "result", "unknown")]
    {
        assert_eq!(value(kind(of), field, word), None, "{word}");
    }
}
