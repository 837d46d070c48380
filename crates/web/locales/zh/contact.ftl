contact-title = 消息通知
contact-link = 选择用邮件、短信或微信接收消息
contact-lead = 站内消息总能看到。想同时在别处收到，请填写地址，再用收到的验证码确认。夜间不打扰，验证码除外。
contact-channel = { $channel ->
    [email] 电子邮件
    [sms] 短信
   *[wechat] 微信
  }
contact-channel-lead = { $channel ->
    [email] 邮件主题不含个人信息。
    [sms] 短信只说明是哪件事，详情请登录查看。
   *[wechat] 发到这个手机号关注的政务服务号。
  }
contact-on = 已开通
contact-off = 未开通
contact-waits = 待确认
contact-confirmed = { $address }，{ $at } 确认
contact-email-address = 邮箱地址
contact-phone-number = 手机号码
contact-ask = 发送验证码
contact-sent = 验证码已发往 { $address }，{ $until } 前有效。
contact-code = 验证码
contact-code-hint = 6 位数字
contact-confirm = 确认
contact-remove = 取消通知
