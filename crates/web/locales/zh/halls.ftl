# 大厅、预约、取号和叫号。

halls-title = 办事地点
halls-lead = 大厅、便民服务中心、园区微窗口、自助终端和文件柜：看今天几点开、能办什么。
halls-lead-matter = 可以到现场办理“{ $matter }”的地点：
halls-none = 没有符合条件的地点
halls-none-text = 这个事项可以在网上办理，也可以拨打 12345 咨询。
halls-all = 查看全部地点
halls-kind = { $kind ->
    [hall] 政务服务大厅
    [centre] 便民服务中心
    [micro-window] 园区微窗口
    [bank] 自助终端
   *[locker] 24 小时文件柜
  }
halls-open-until = 开放中，至 { $time }
halls-open-day = 全天开放
halls-next-today = 现在不开放，今天 { $time } 开门
halls-next-day = 现在不开放，{ $day } { $time } 开门
halls-closed = 近期不开放
halls-today = 今天
halls-hours = 服务时间
halls-hours-none = 不开放
halls-hours-lead = 午间、周末、节假日和季节延时服务都列在这里。开放时间不改变法定工作日和办理期限。
halls-service = { $service ->
    [ordinary] 正常服务
    [noon] 午间服务
    [weekend] 周末服务
    [holiday] 节假日服务
    [season] 季节延时
    [evening] 晚间延时
   *[around-the-clock] 24 小时
  }
halls-day-class = { $kind ->
    [working] 工作日
    [weekend] 休息日
   *[holiday] 节假日
  }
halls-address = 地址
halls-phone = 咨询电话
halls-counters = 能办什么
halls-windows = { $windows } 号窗口
halls-any-matter = 本市事项都可受理
halls-some-matters = 受理 { $n } 个事项
halls-standard = 标准清单
halls-feature = 特色清单
halls-terminals = 自助终端
halls-cells = 文件柜
halls-cells-count = { $n } 格，24 小时随取随送
halls-waiting = 现在等候
halls-waiting-count = { $n } 人等候
halls-waiting-minutes = 约 { $n } 分钟
halls-waiting-none = 无人等候
halls-waiting-from = { $n ->
    [0] 按该专区平时用时估算
   *[other] 按今天最近 { $n } 人的办理用时估算
  }
halls-updated = 取自叫号系统，{ $time }
halls-book = 预约到场办理
halls-book-text = 选好时段，备齐材料，到场就办。
halls-take = 现场取号
halls-take-text = 人在大厅就取号；手机上看得到前面还有几人。
halls-take-closed = 现在不在服务时间，不能取号。
halls-counter = 办事专区
halls-screen = 大厅叫号屏
halls-book-title = 预约
halls-book-matter = 要办哪个事项
halls-book-matter-go = 选择时段
halls-book-day = 选择日期
halls-book-day-free = { $n ->
    [0] 约满
   *[other] 余 { $n }
  }
halls-book-slot = 选择时段
halls-book-slot-free = 余 { $n } 个名额
halls-book-none = 这一天没有可约的时段
halls-book-none-text = 请换一个日期或地点。
halls-book-next = { $moment } 放出下一天的时段。
halls-book-who = 以谁的名义办理
halls-book-ready = 材料准备好了吗
halls-book-ready-hint = 预约即办：勾选已备好的材料，到场核对后当场办。没有备齐也可以预约，窗口会提前知道缺什么。
halls-book-ready-none = 这个事项不需要您自带材料。
halls-book-rules = 约好不来会占用别人的名额：{ $within } 天内 { $missed } 次未到，{ $barred } 天内不能网上预约。开始前都可以取消。
halls-book-go = 确认预约
halls-mine = 我的预约
halls-mine-none = 没有预约
halls-mine-none-text = 在事项页面或办事地点页面可以预约到场办理。
halls-code = 预约码
halls-code-text = 到场向引导台报这六位数字，就能取到优先号。
halls-when = 时间
halls-where = 地点
halls-what = 事项
halls-at-counter = 专区
halls-for = 办理人
halls-precheck = 来之前先预审
halls-precheck-text = 把材料先传上来，工作人员看过后会告诉您还差什么，到场一次办完。
halls-precheck-begin = 提前上传材料
halls-precheck-state = { $points ->
    [0] 办件 { $number }：{ $state }
   *[other] 办件 { $number }：{ $state }，有 { $points } 条意见
    }
halls-bring = 请带好
halls-bring-missing = 还没备好
halls-bring-ready = 已备好
halls-state = { $state ->
    [booked] 待到场
    [arrived] 已到场
    [missed] 未到场
   *[cancelled] 已取消
  }
halls-cancel = 取消预约
halls-cancel-text = 取消后名额马上让给别人，不算失约。
halls-ticket = 我的号
halls-ticket-state = { $state ->
    [waiting] 等候叫号
    [called] 正在叫号
    [serving] 正在办理
    [held] 已挂起
    [done] 已办完
    [missed] 已过号
    [cancelled] 已退号
   *[expired] 已过期
  }
halls-ticket-ahead = { $n ->
    [0] 下一个就是您
   *[other] 前面还有 { $n } 人
  }
halls-ticket-wait = 预计等候 { $n } 分钟
halls-ticket-go = 请到 { $window } 号窗口
halls-ticket-missed = 已叫过您的号。请到引导台恢复排队。
halls-ticket-held = 材料取来后请告诉窗口，您会优先继续。
halls-ticket-refresh = 刷新
halls-ticket-cancel = 不等了，退号
halls-screen-title = { $place } 叫号屏
halls-screen-call = 请 { $number } 号到 { $window } 号窗口
halls-screen-window = 窗口
halls-screen-called = 正在叫号
halls-screen-none = 现在没有叫号
halls-screen-waiting = 等候情况
halls-screen-sound = 打开语音播报
halls-screen-sound-off = 关闭语音播报
halls-screen-live = 实时
halls-screen-polling = 每 5 秒更新
halls-screen-lost = 连接中断，正在重连
halls-screen-refresh = 更新
halls-queue = 叫号
halls-queue-lead = 选好窗口，叫下一个号。预约和关爱优先的号自动排在前面，每一步都记入日志。
halls-queue-place = 地点
halls-queue-window = 窗口
halls-queue-open = 打开窗口
halls-queue-next = 叫下一个
halls-queue-nobody = 现在没有人等候
halls-queue-idle = 本窗口空闲
halls-queue-do = { $command ->
    [recall] 重呼
    [serve] 开始办理
    [hold] 挂起
    [finish] 办结
    [miss] 过号
    [resume] 恢复排队
    [transfer] 转号
   *[call] 叫号
  }
halls-queue-transfer = 转到
halls-queue-list = 等候
halls-queue-held = 已挂起
halls-queue-missed = 已过号
halls-queue-col-since = 取号
halls-class = { $kind ->
    [returned] 返回优先
    [assisted] 关爱优先
    [appointment] 预约
   *[ordinary] 普通
  }
halls-times = 已叫 { $n } 次
halls-figures = 今天
halls-figures-taken = 取号
halls-figures-served = 办结
halls-figures-missed = 过号
halls-figures-kept = 预约到场
halls-figures-not-kept = 预约未到
halls-figures-waited = 平均等候
halls-figures-minutes = { $n } 分钟
halls-reception = 引导台
halls-reception-lead = 核预约码、发号。老年人、残疾人、孕产妇请勾选关爱优先。
halls-reception-code = 预约码
halls-reception-code-hint = 来人报的六位数字；没有预约就留空。
halls-reception-assisted = 关爱优先（老年人、残疾人、孕产妇等）
halls-reception-go = 发号
halls-reception-given = 已发号
halls-reception-expected = 今天预约
halls-reception-expected-none = 今天没有待到场的预约
halls-reception-missing = { $n ->
    [0] 材料已备齐
   *[other] 还差 { $n } 份材料
  }
