# 好差评：评价、差评回访、公示和评比。

voice-title = 服务评价公示
voice-lead = 企业和群众对政务服务的评价。只公布汇总数据，不公布评价人。
voice-of = 服务评价：{ $name }
voice-rate = 评价这次服务
voice-how = 您对这次服务满意吗？
voice-service = 评价的服务
voice-place = 办理地点
voice-finished = 办结时间
voice-number = 号票号码
voice-number-hint = 号票上的号码，例如 A012
voice-tags = 评价标签
voice-tags-of = “{ $level }”的理由
voice-text = 您的意见
voice-phone = 联系电话
voice-phone-hint = 愿意我们回访的，请留下电话，只有处理人员能看到
voice-protected = 经办人看不到是谁评价的，评价不影响您办事。
voice-send = 提交评价
voice-thanks = 谢谢您的评价
voice-thanks-text = 一次服务评价一次，您的评价已经计入。
voice-thanks-order = 我们会尽快核实和改进，一个工作日内联系您（留有联系方式的），工单编号 { $number }。
voice-answered = 您的差评已经答复
voice-again-until = 您可以在 { $until } 前再评价一次。
voice-code = 评价码
voice-code-hint = 办结消息里的 10 位评价码
voice-code-unknown = 没有这个评价码，请核对消息里的评价码。
voice-enter = 输入评价码评价
voice-enter-lead = 办结后，我们在消息里给您一个评价码。不用登录就能评价。
voice-enter-go = 去评价
voice-level = 评价等级
voice-levels = 各等级评价
voice-count = 评价数
voice-share = 占比
voice-total = 有效评价
voice-average = 平均分（10 分制）
voice-star-level = 星级
voice-stars = { $n } 星
voice-rated-share = 主动评价率
voice-orders = 差评工单
voice-order = 差评工单
voice-in-time = 按期整改率
voice-few = 评价较少
voice-few-text = 本期评价不足 { $n } 条，为保护评价人，暂不公布等级。
voice-month = { $year }年{ $month }月
voice-months = 月份
voice-departments = 各部门
voice-places = 各大厅和便民服务中心
voice-contests = 评比结果
voice-winner = { $name }（{ $average } 分，{ $n } 条评价）
voice-gone = 已离任
voice-answers = 差评整改公示
voice-answers-none = 还没有公示的整改结果。
voice-outcome = { $outcome ->
    [put-right] 已整改
   *[explained] 已解释说明
  }
voice-pile = { $pile ->
    [contact] 待联系
    [answer] 待答复
   *[judge] 待复核
  }
voice-pile-empty = 这里没有待办的工单
voice-pile-empty-text = 收到差评后，工单会出现在这里。
voice-orders-lead = 差评一个工作日内联系评价人，五个工作日内整改答复；情况复杂的写明理由，十五个工作日内答复。
voice-opened = 收到时间
voice-due = 期限
voice-contact-by = 联系期限
voice-answer-by = 答复期限
voice-provisional = { $date }（暂定）
voice-own = 我的评价汇总（本月）
voice-own-few = 评价较少，为保护评价人，暂不显示。
voice-said = 评价内容
voice-facts = 工单和服务
voice-steps = 处理经过
voice-next = 下一步
voice-rater = 评价人
voice-anonymous = 匿名
voice-again = 再次评价
voice-state = { $state ->
    [open] 待联系
    [contacted] 待答复
    [claimed] 误评复核中
    [answered] 已答复
    [closed] 已办结
   *[dismissed] 不计入
  }
voice-not-counted = 不计入统计
voice-late-contact = 没有按期联系评价人
voice-late-answer = 没有按期答复
voice-choose = 请选一项。
voice-do = { $command ->
    [contact] 联系评价人
    [answer] 答复评价人
    [take-time] 情况复杂，延长期限
    [claim] 申请认定误评、恶意评价
   *[judge] 复核是否误评
  }
voice-do-about = { $command ->
    [contact] 先联系核实，再处理。多次联系不上的，可以核查后直接答复。
    [answer] 事实清楚的马上整改；诉求没有依据的，解释说明。
    [take-time] 只能延长一次，须写明理由。
    [claim] 须有证据，由另一人复核；复核成立的不计入统计。
   *[judge] 请核对证据后作出认定。
  }
voice-words = { $command ->
    [contact] 联系情况
    [answer] 给评价人的答复
    [take-time] 理由
    [claim] 证据和理由
   *[judge] 复核意见
  }
voice-public = 整改结果向社会公示（不含评价人的文字和信息）
voice-choice-label = { $field ->
    [reached] 是否联系上
    [outcome] 处理结果
    [ground] 情形
   *[upheld] 认定
  }
voice-choice = { $choice ->
    [reached-yes] 已联系上
    [reached-no] 没有联系上
    [outcome-put-right] 已整改
    [outcome-explained] 解释说明
    [ground-mistaken] 误评
    [ground-malicious] 恶意评价
    [upheld-yes] 属于误评或恶意评价，不计入
   *[upheld-no] 不属于，继续办理
  }
voice-codes = 窗口评价码
voice-codes-lead = 打印后摆放在窗口，办完业务的群众扫码评价。
voice-codes-scan = 扫码评价，输入号票号码即可
voice-watch = 好差评监督
voice-watch-lead = 各部门评价和差评工单，窗口和人员星级榜。
voice-bad = 差评
voice-orders-in-time = 按期答复
voice-orders-too-late = 逾期答复
voice-orders-late = 超期次数
voice-orders-dismissed = 认定误评
voice-windows = 窗口星级榜
voice-clerks = 人员星级榜
voice-nothing = 本月还没有足够的评价。
