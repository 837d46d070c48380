# 证照公开日志。

log-title = 证照公开日志
log-first = 本市每颁发一份证照、每改变一次证照状态，都在这本谁都能看的账上记一笔，只能往后加，不能改、不能删、不能补签日期。
log-second = 账上不写持证人的任何信息，只记一个别人猜不出的数字指纹；持证人自己可以凭它证明这份证照确实在册。
log-third = 外部见证方和任何人都可以随时核对整本账，谁若悄悄伪造、倒签或撤掉一份证照，包括平台管理员，马上就会被发现。
log-newest = 最新检查点
log-origin = 日志
log-size = 已记条数
log-signed = 签名时间
log-witness = 外部见证方
log-witness-at = { $name }（{ $moment }）
log-witnessed = 已由外部见证方会签
log-unwitnessed = 尚无外部见证方
log-note = 检查点原文
log-none = 日志还没有第一个检查点，请稍后再看。
log-audit-title = 自己核对
log-audit-text = 用本平台的程序核对整本账，并与上一次所见比对：
log-checkpoint = 检查点
log-keys = 日志与见证方的公钥
log-link = 证照公开日志
log-proof = 下载公开日志载入凭证
log-proof-text = 凭证能证明这份证照已记入公开日志，可以和证照文件一起交给需要的单位。
