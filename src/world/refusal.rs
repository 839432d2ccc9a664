//! What to say when the machine refuses: which path, what it answered, what to try.

use std::io::{self, ErrorKind};
use std::path::Path;

use rustix::io::Errno;

use crate::say;
use crate::say::Said;
use crate::source::Failure;

/// What was being done when the machine refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doing {
    /// Looking at what is at a path, or listing a folder.
    Looking,
    /// Making a folder.
    Making,
    /// Writing a file.
    Writing,
    /// Making sure that what was written is on the disk.
    Syncing,
    /// Putting the new site in the place of the old one.
    Swapping,
    /// Taking the lock.
    Locking,
    /// Removing what an earlier run left.
    Removing,
}

impl Doing {
    fn said(self) -> Said {
        match self {
            Self::Looking => Said::new("查看", "look at"),
            Self::Making => Said::new("创建文件夹", "create the folder"),
            Self::Writing => Said::new("写入", "write"),
            Self::Syncing => Said::new("确认已存盘", "flush to disk"),
            Self::Swapping => Said::new("换上新的内容", "put what is new in place at"),
            Self::Locking => Said::new("加锁", "lock"),
            Self::Removing => Said::new("删除", "remove"),
        }
    }
}

/// A failure that names the path and what to try.
pub(super) fn refusal(doing: Doing, path: &Path, why: &io::Error) -> Failure {
    let (doing, path, advice) = (doing.said(), path.display(), advice(why));
    let (doing_zh, doing_en, advice_zh, advice_en) = (doing.zh, doing.en, advice.zh, advice.en);
    Failure(say!("无法{doing_zh} {path}：{why}；{advice_zh}", "cannot {doing_en} {path}: {why}; {advice_en}"))
}

fn advice(why: &io::Error) -> Said {
    if why.raw_os_error() == Some(Errno::MFILE.raw_os_error()) {
        return Said::new(
            "打开的文件太多，请用 ulimit -n 提高上限后重试",
            "too many files are open: raise the limit with ulimit -n and try again",
        );
    }
    match why.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Said::new(
            "磁盘空间不足，请腾出空间，或用 --output 选择别处；现有内容保持完整",
            "there is no space left: free some, or choose another place with --output; what is in place is whole",
        ),
        ErrorKind::PermissionDenied => Said::new(
            "请检查该路径及其上级文件夹的写权限，或用 --output 选择别处",
            "check that this path and the folder above it may be written, or choose another place with --output",
        ),
        ErrorKind::ReadOnlyFilesystem => Said::new(
            "该磁盘以只读方式挂载，请用 --output 选择别处",
            "this disk is mounted read-only: choose another place with --output",
        ),
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => Said::new(
            "路径中有一部分是文件而不是文件夹，请移走它，或用 --output 选择别处",
            "a part of the path is a file and not a folder: move it away, or choose another place with --output",
        ),
        ErrorKind::ResourceBusy | ErrorKind::CrossesDevices => Said::new(
            "输出文件夹本身是挂载点，无法整体替换；请用 --output 选择其中的一个子文件夹",
            "the output folder is a mount point and cannot be replaced whole: choose a folder inside it with --output",
        ),
        ErrorKind::InvalidFilename => Said::new(
            "名字太长，请缩短文件名或换一个输出位置",
            "the name is too long: shorten it, or choose another place",
        ),
        ErrorKind::Unsupported => Said::new(
            "该文件系统不支持此操作，请用 --output 选择本机磁盘",
            "this file system cannot do that: choose a local disk with --output",
        ),
        _ => Said::new("请检查该路径和磁盘后重试", "check the path and the disk, then try again"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_the_path_the_answer_and_what_to_try() {
        let full = io::Error::from(Errno::NOSPC);
        let said = refusal(Doing::Writing, Path::new("/srv/site/a.html"), &full).0;
        assert!(said.en.starts_with("cannot write /srv/site/a.html: No space left"), "{}", said.en);
        assert!(said.en.contains("free some") && said.zh.contains("腾出空间"));
    }

    #[test]
    fn each_common_answer_has_its_own_advice() {
        let common =
            [Errno::NOSPC, Errno::ACCESS, Errno::ROFS, Errno::NOTDIR, Errno::BUSY, Errno::MFILE, Errno::NAMETOOLONG];
        let mut seen: Vec<String> = common.iter().map(|errno| advice(&io::Error::from(*errno)).en).collect();
        seen.push(advice(&io::Error::from(Errno::IO)).en);
        let all = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), all);
    }
}
