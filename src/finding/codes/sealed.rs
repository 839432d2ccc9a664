//! The codes of what `verify` finds: seals, signatures, and the list of a published site.

use crate::say;
use crate::say::Said;

/// What a code says of the archive, and how to put it right; none for a code that is none of `verify`'s.
pub(super) fn said(id: &str) -> Option<(Said, Said)> {
    Some(match id {
        "seal.altered" => (
            say!(
                "封存的一条记录与现在的不同：列出了改动的字段、当时的值和现在的值。",
                "a sealed record is not what it was: the fields that changed are named, with the value then and the value now."
            ),
            say!(
                "从封存的副本恢复原来的记录；内容确有错误的，另记一条更正（corrects）并说明原因",
                "restore it from the sealed copy; if it was wrong, add a record that corrects it and says why"
            ),
        ),
        "seal.chain" => (
            say!(
                "封存没有接上前一个：月份、序号、时刻或前一个 SEAL 的摘要对不上。中间少了一个月、换了一个月或重做过，都会这样。",
                "a seal does not follow on the one before it: month, number, time or the digest of that SEAL differ. A month that was removed, exchanged or made anew shows so."
            ),
            say!(
                "从备份或提交历史恢复 seals/；与保存在别处的摘要比较",
                "restore seals/ from a backup or from the history; compare with the digests that were kept elsewhere"
            ),
        ),
        "seal.duplicate" => (
            say!("同一条封存过的记录现在出现了不止一次。", "a record that was sealed once is there more than once."),
            say!("删去多出的一行", "take the surplus row away"),
        ),
        "seal.expired" => (
            say!(
                "签名的密钥在封存的时刻不在 allowed_signers 所写的有效期内。",
                "the key of a signature was not valid when the month was sealed, by its dates in allowed_signers."
            ),
            say!(
                "查明是谁在何时签的名；不要为此改动有效期",
                "find out who signed, and when; do not change the dates for it"
            ),
        ),
        "seal.extra" => (
            say!("封存的文件夹里有不属于它的文件。", "there is a file in the folder of a seal that is none of it."),
            say!("移走它；它不在封存之内", "take it away; no seal covers it"),
        ),
        "seal.file" => (
            say!(
                "封存所列的一个文件不见了，或与封存时不同。",
                "a file that a seal lists is gone, or is not what was sealed."
            ),
            say!("从备份或提交历史恢复它", "restore it from a backup or from the history"),
        ),
        "seal.late" => (
            say!(
                "记录属于已封存的月份，但封存里没有它。它会列入下一次封存，并注明是补记。",
                "a record belongs to a month that was sealed without it. The next seal will hold it and mark it late."
            ),
            say!(
                "日期写错的改正日期；确是补记的，说明原因，等下一次封存",
                "if its date is wrong, put it right; else say why it is late, and seal the next month when it is over"
            ),
        ),
        "seal.missing" => (
            say!("封存过的一条记录不见了。", "a sealed record is gone."),
            say!(
                "从封存的副本恢复它；封存过的记录不删除，只更正",
                "restore it from the sealed copy; what was sealed is corrected, never deleted"
            ),
        ),
        "seal.normalised" => (
            say!(
                "封存过的一条记录只有 Unicode 写法与当时不同（例如组合字符）：看上去一样，字节不一样。",
                "a sealed record differs in nothing but its Unicode normalisation (such as composed letters): it looks the same and is another text."
            ),
            say!(
                "从封存的副本恢复它；多半是编辑器或另一个系统改写的",
                "restore it from the sealed copy; mostly an editor or another system rewrote it"
            ),
        ),
        "seal.root" => (
            say!(
                "封存写明的条数或根与它的记录对不上：封存文件被改写过。",
                "the counts or the root that a seal states are not those of its records: the seal was rewritten."
            ),
            say!("从备份或提交历史恢复 seals/", "restore seals/ from a backup or from the history"),
        ),
        "seal.signature" => (
            say!(
                "签名不是这份封存的：封存或签名被改动过，或不是 ssh-keygen 的签名。",
                "a signature is not of this seal: one of the two was changed, or it is no signature of ssh-keygen's."
            ),
            say!("从备份或提交历史恢复这个月的封存", "restore the seal of the month from a backup or from the history"),
        ),
        "seal.signer" => (
            say!("签名的密钥不在 allowed_signers 中。", "the key of a signature is not in allowed_signers."),
            say!(
                "查明是谁签的名；确属本单位的，在 allowed_signers 末尾加一行",
                "find out who signed; if it is one of yours, add a line at the end of allowed_signers"
            ),
        ),
        "seal.signers" => (
            say!(
                "allowed_signers 或 VERIFY.txt 中封存时已有的内容被改动。它们只增不改。",
                "what allowed_signers or VERIFY.txt held when a month was sealed has been changed. They are only ever added to."
            ),
            say!(
                "恢复原来的内容。新的密钥加在末尾；停用的密钥留着那一行，加上 valid-before",
                "restore what was there. A new key goes to the end; the line of a key that is no longer used stays, and gets a valid-before"
            ),
        ),
        "seal.syntax" => (
            say!("封存的文件不是应有的格式，读不出来。", "a file of a seal is not in its form and cannot be read."),
            say!("从备份或提交历史恢复它", "restore it from a backup or from the history"),
        ),
        "seal.timestamp" => (
            say!(
                "时间戳（RFC 3161）不是这份封存的，或不是 tsa.pem 的机构签发的。",
                "the time stamp (RFC 3161) is not of this seal, or not by the authority of tsa.pem."
            ),
            say!("向签发机构核实；从备份恢复", "ask the authority; restore it from a backup"),
        ),
        "seal.unchecked" => (
            say!(
                "签名或时间戳没有核对：缺少 ssh-keygen、openssl 或机构的证书。",
                "a signature or a time stamp was not checked: ssh-keygen, openssl or the certificate of the authority is missing."
            ),
            say!("安装所缺的程序，再核对一次", "install what is missing and verify again"),
        ),
        "seal.unsealed" => (
            say!(
                "一个月过了时限还没有封存；最后一个封存被删除也会这样。",
                "a month is not sealed though its time has passed; so it shows too where the last seal was removed."
            ),
            say!(
                "用 wellkept seal 封存；确曾封存过的，从备份恢复",
                "seal it with wellkept seal; if it was sealed once, restore it from a backup"
            ),
        ),
        "seal.unsigned" => (
            say!(
                "封存没有签名：能写工作区的人都可以把它重做一遍。",
                "a seal is unsigned: whoever can write to the workspace can make it anew."
            ),
            say!(
                "下次封存时加 --sign；把 SEAL 的摘要存到别处",
                "seal with --sign; keep the digest of SEAL somewhere else"
            ),
        ),
        "site.changed" => (
            say!("站点的一个文件与发布时不同。", "a file of the site is not what was published."),
            say!("重新发布，或从可信的副本恢复", "publish again, or take a copy that you trust"),
        ),
        "site.extra" => (
            say!("站点中有清单没有列出的文件。", "there is a file in the site that its list does not have."),
            say!("移走它；它不是发布出来的", "take it away; it was not published"),
        ),
        "site.list" => (
            say!("SHA256SUMS 中有一行不是它的格式。", "a line of SHA256SUMS is not in its form."),
            say!("从可信的副本恢复 SHA256SUMS", "take SHA256SUMS from a copy that you trust"),
        ),
        "site.missing" => (
            say!("清单列出的文件不在站点里。", "a file that the list has is not in the site."),
            say!("重新发布，或从可信的副本恢复", "publish again, or take a copy that you trust"),
        ),
        _ => return None,
    })
}
