# 统计：大厅负责人每天看的数字，已公布的数据。

supervision-title = 办件统计
supervision-lead = 收件、增长、办结率、按时率和等候时间，按周、场所、渠道和办理方式。点数字可看办件。
supervision-week = 周
supervision-place = 场所
supervision-whole-city = 全市
supervision-nowhere = 不经场所（网上等）
supervision-running-week = { $week }（未结束）
supervision-running = 这一周还没有结束，增长在结束后计算。
supervision-show = 查看
supervision-received = 收件
supervision-closed = 办结
supervision-tables = 统计表
supervision-chart = 最近 { NUMBER($n) } 周收件 { NUMBER($received_n) } 件，其中办结 { NUMBER($closed_n) } 件；同样的数字见下面的表
supervision-nothing = 还没有数据。
supervision-published = 来源公布的数据
supervision-published-lead = 报道和通报中公布的数字，注明来源和日期；增长、办结率等由本系统按同样的口径算出，与原文核对，不计入本市统计。
supervision-behind = { $figure ->
    [accepted] 受理的办件
    [closed] 办结的办件
    [open] 在办的办件
    [late-promise] 超过承诺时限的办件
    [late-limit] 超过法定时限的办件
   *[received] 收到的办件
  }
supervision-none = 没有可以查看的办件
supervision-none-text = 这个数字后面没有办件，或者不在您的查看范围内。
