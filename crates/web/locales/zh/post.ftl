# 邮寄：结果寄出、退回、再寄，原件寄来。

post-title = 邮寄
post-lead = 办理结果可以寄给您，需要核验的原件也可以寄到窗口。
post-way-question = 结果怎么给您
post-way = { $way ->
    [download] 网上下载
    [window] 到窗口领取
    [locker] 从文件柜自取
   *[mail] 邮寄
  }
post-way-address = 选择邮寄的，请填写收件信息。
post-name = 收件人
post-phone = 收件电话
post-region = 省、市、区县
post-region-hint = 例如：山东省青岛市黄岛区
post-street = 详细地址
post-state = { $state ->
    [wanted] 待寄出
    [labelled] 已出面单
    [underway] 运输中
    [delivered] 已签收
    [returned] 已退回窗口
    [collected] 已到窗口领取
    [announced] 等待收件
    [received] 已收到
   *[cancelled] 已取消
  }
post-event = { $event ->
    [accepted] 已收寄
    [in-transit] 运输中
    [delivered] 已签收
   *[returned] 退回寄件人
  }
post-out = 寄出结果
post-out-again = 寄出结果（第 { $count } 次）
post-in = 寄来原件
post-to = 收件
post-served = 送达日期（签收）
post-reason = 退回原因
post-returned-text = 邮件被退回，结果保存在窗口。您可以核对地址再寄一次，也可以带身份证到窗口领取。
post-again = 再寄一次
post-redirect = 修改地址
post-window = 改为窗口领取
post-ask = 申请邮寄
post-ask-text = 结果出来后寄到这个地址，不收您的费用。
post-announce = 登记寄来的原件
post-announce-text = 原件寄出后，在这里填写快递单号。窗口收到后会通知您。
post-tracking = 快递单号
post-tracking-hint = 6 至 30 位字母和数字
post-desk = 邮寄
post-desk-lead = 打印面单，交寄，处理退回的邮件，确认收到寄来的原件。地址只印在面单上，查看会留下记录。
post-desk-none = 没有待处理的邮件
post-pile = { $pile ->
    [wanted] 待寄出
    [labelled] 待交寄
    [underway] 运输中
    [returned] 已退回
   *[announced] 待收原件
  }
post-do-label = 出面单
post-do-print = 打印面单
post-do-hand-over = 已交寄
post-do-collect = 已到窗口领取
post-do-receive = 已收到原件
post-label-access = 打印邮寄面单，办件
