# 轮值表、调班、延时服务和调休。

rota-title = 轮值表
rota-lead = 谁、哪天、在哪个窗口值班。日历上开放而无人值班的窗口，以及排重、排错的班次，都会标出来。
rota-overtime = 延时和调休
rota-week-of = { $date }起的一周
rota-before = 上一周
rota-after = 下一周
rota-show = 查看
rota-week = 周内任一天
rota-flagged = 本周有 { $gaps } 处窗口无人值班，{ $duties } 个班次需要核对。
rota-calm = 本周每个开放的窗口都有人值班。
rota-today = 今天
rota-none = 没有排班
rota-mine = 我的班
rota-gap = { $window } 号窗口 { $span } 无人值班
rota-gap-fill = 排班
rota-duty = { $day } { $span } { $window } 号窗口
rota-window = { $window } 号 · { $name }
rota-flag-two-windows = 同时排在 { $window } 号窗口
rota-flag-elsewhere = 同时在{ $place }值班
rota-flag-outside = 不在开放时间内
rota-flag-not-theirs = 不承担这个窗口的业务
rota-plan = 排一个班次
rota-plan-go = 排入
rota-copy = 复制上一周
rota-copied = { $n ->
    [0] 上一周没有可复制的班次，或本周已经排满。
   *[other] 已从上一周复制 { $n } 个班次，请核对标出的问题。
  }
rota-remove = 取消班次
rota-day = 日期
rota-from = 从
rota-to = 到
rota-time-hint = 如 09:00
rota-member = 人员
rota-staff = 值班名单
rota-staff-none = 名单还是空的。先把窗口人员加入名单，再排班。
rota-staff-duties = 本周 { $n } 个班次
rota-any-counter = 各专区
rota-join = 加入名单
rota-join-go = 保存
rota-login = 账号名
rota-counters = 可承担的专区
rota-counters-hint = 不勾选表示各专区都可以。对已在名单的人再次保存，即改为新的范围。
rota-leave = 移出名单
rota-swaps = 调班
rota-swaps-none = 本周没有调班申请。
rota-rule-head = 同事同意后，由大厅负责人确认才算数。
rota-rule-colleague = 同事同意即生效，大厅负责人可随时查看。
rota-swap = 申请调班
rota-swap-go = 提出申请
rota-wish = 怎么调
rota-wish-give = 请 { $name } 代班
rota-wish-swap = 与 { $name } 对换：{ $duty }
rota-swap-none = 没有可以对换或代班的同事，请联系大厅负责人。
rota-swap-for = { $by } 用 { $given } 换 { $to } 的 { $back }
rota-swap-give = { $by } 的 { $given } 由 { $to } 代班
rota-swap-would-leave = 调班后将无人值班：
rota-swap-leaves = 调班后仍无人值班：
rota-swap-state = { $state ->
    [asked] 等同事答复
    [accepted] 等负责人确认
    [declined] 同事未同意
    [withdrawn] 已撤回
    [refused] 负责人未同意
    [confirmed] 已生效
   *[lapsed] 班次已变动，申请失效
  }
rota-answer = { $answer ->
    [accept] 同意
    [decline] 不同意
    [withdraw] 撤回
    [confirm] 确认调班
   *[refuse] 不予确认
  }
rota-overtime-lead = 下班前取的号当天办完。超过关门时间的分钟数按叫号记录自动记下，由大厅负责人核给调休。
rota-own = 我的延时和调休
rota-all = 本场所人员
rota-all-none = 值班名单是空的。
rota-worked-label = 延时服务
rota-open-label = 待核给
rota-granted-label = 已核给调休
rota-taken-label = 已休
rota-minutes = { $n } 分钟
rota-balance = 余 { $n } 分钟
rota-entries = 最近记录
rota-entries-none = 还没有记录。
rota-worked = { $day } { $span } { $place } { $window } 号窗口办理 { $ticket }，延时 { $n } 分钟
rota-granted-on = { $day } 核给调休 { $n } 分钟
rota-taken-on = { $day } 调休 { $n } 分钟
rota-because = { $words }（{ $reason }）
rota-enter = 登记调休
rota-enter-go = 登记
rota-kind-label = 登记什么
rota-kind = { $kind ->
    [granted] 核给调休
   *[taken] 已经休了
  }
rota-minutes-label = 分钟
rota-reason = 理由
rota-reason-hint = 核给的超过延时记录，或休的超过余额时必填，如“周六值班”。
rota-matters = 可办 { $n } 个事项
rota-remote = 远程办理
rota-opening-windows = { $windows } 号窗口
