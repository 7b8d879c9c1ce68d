//! Runs the blocks of README.md's curl walk-through as they stand there, against the real binary.

use frontrow_tests::process::Frontrow;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The commands of the blocks that are fenced as bash, in order.
fn blocks(readme: &str) -> String {
    let mut script = String::from("set -euo pipefail\n");
    let mut inside = false;
    for line in readme.lines() {
        match line {
            _ if line.starts_with("```bash") => inside = true,
            "```" => inside = false,
            _ if inside => {
                script.push_str(line);
                script.push('\n');
            }
            _ => {}
        }
    }
    script
}

#[test]
fn the_seven_flows_by_curl_do_what_the_readme_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let server = Frontrow::serve(&["--demo"]);
    let output = Command::new("bash")
        .arg("-c")
        .arg(blocks(&readme))
        .env("BASE", server.base_url())
        .env("ADMIN", server.admin_token())
        .output()
        .unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{stdout}\n{stderr}");
    let lines: Vec<&str> = stdout.lines().collect();
    let expected = [
        r#"{"venue":"Olympic Hall","seats_total":200}"#,
        "", // a place in line, which depends on the moment
        r#"{"number":1,"label":"R-1-1","section":"R","price":154000,"status":"available"}"#,
        r#"{"state":"held","amount":308000,"expires_in_seconds":300,"seats":["R-1-9","R-1-10"]}"#,
        r#"{"status":404,"code":"balance_not_found","detail":"잔액 정보가 없습니다."}"#,
        r#"{"amount":500000,"balance":500000,"currency":"KRW"}"#,
        r#"{"amount":308000,"balance":192000,"seats":["R-1-9","R-1-10"],"queue_token_state":"consumed"}"#,
        r#"{"amount":308000,"balance":192000}"#,
        r#"{"state":"confirmed"}"#,
        r#"{"ok":true}"#,
    ];
    assert_eq!(lines.len(), expected.len(), "{stdout}\n{stderr}");
    assert!(lines[1].starts_with(r#"{"state":"waiting","position":1,"waiting":1,"#), "{stdout}");
    for (line, expected) in lines.iter().zip(expected).filter(|(_, expected)| !expected.is_empty())
    {
        assert_eq!(*line, expected);
    }
}
