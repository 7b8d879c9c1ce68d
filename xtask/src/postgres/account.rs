//! Who runs a cluster: whoever runs xtask, but not root, whom `initdb` and `postgres` refuse.

use std::fs;
use std::os::unix::process::CommandExt;
use std::process::Command;

use crate::failure::Failure;

/// The users that stand in for root, the better one first.
const STAND_INS: [&str; 2] = ["postgres", "nobody"];

/// Every machine has this list.
const USERS_FILE: &str = "/etc/passwd";

/// A user of the machine and the group they belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    pub user_id: u32,
    pub group_id: u32,
}

impl Account {
    /// The one to run Postgres as; none where xtask's own user will do.
    pub fn to_run_servers() -> Result<Option<Self>, Failure> {
        if !rustix::process::geteuid().is_root() {
            return Ok(None);
        }
        let account = stand_in(&fs::read_to_string(USERS_FILE)?);
        account.map(Some).ok_or_else(|| {
            let names = STAND_INS.join(" or ");
            Failure::Message(format!("root can't run Postgres, and there is no user {names}"))
        })
    }

    /// Makes `command` run as this account. The standard library drops root's other groups.
    pub fn apply_to(self, command: &mut Command) {
        command.uid(self.user_id).gid(self.group_id);
    }
}

fn stand_in(users: &str) -> Option<Account> {
    STAND_INS.iter().find_map(|name| users.lines().find_map(|line| account_in(line, name)))
}

/// The account in a line such as `postgres:x:101:104:PostgreSQL administrator:/home:/bin/bash`.
fn account_in(line: &str, name: &str) -> Option<Account> {
    let mut fields = line.strip_prefix(name)?.strip_prefix(':')?.split(':').skip(1);
    let account =
        Account { user_id: fields.next()?.parse().ok()?, group_id: fields.next()?.parse().ok()? };
    (account.user_id != 0).then_some(account)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = "root:x:0:0:root:/root:/bin/bash\n";
    const NOBODY: &str = "nobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin\n";
    const POSTGRES: &str = "postgres:x:101:104:PostgreSQL administrator,,,:/srv:/bin/bash\n";

    #[test]
    fn postgres_is_preferred_to_nobody() {
        let users = [ROOT, NOBODY, POSTGRES].concat();
        assert_eq!(stand_in(&users), Some(Account { user_id: 101, group_id: 104 }));
        let users = [ROOT, NOBODY].concat();
        assert_eq!(stand_in(&users), Some(Account { user_id: 65534, group_id: 65533 }));
    }

    #[test]
    fn nobody_else_stands_in_and_never_root() {
        assert_eq!(stand_in(ROOT), None);
        assert_eq!(stand_in("postgres2:x:7:7::/:/bin/sh\nbroken\n"), None);
        assert_eq!(stand_in("nobody:x:0:0::/:/bin/sh\n"), None);
    }
}
