contact-title = Notifications
contact-link = Get messages by e-mail, text message or WeChat
contact-lead = Messages are always here on the platform. To get them elsewhere too, write an address and confirm it with the code that is sent there. Nobody is disturbed at night, except by codes.
contact-channel = { $channel ->
    [email] E-mail
    [sms] Text message
   *[wechat] WeChat
  }
contact-channel-lead = { $channel ->
    [email] The subject holds nothing about you.
    [sms] It only says which matter it is about; sign in for more.
   *[wechat] To the government account that this mobile number follows.
  }
contact-on = On
contact-off = Off
contact-waits = To be confirmed
contact-confirmed = { $address }, confirmed { $at }
contact-email-address = E-mail address
contact-phone-number = Mobile number
contact-ask = Send a code
contact-sent = A code was sent to { $address }. It works until { $until }.
contact-code = Code
contact-code-hint = 6 digits
contact-confirm = Confirm
contact-remove = Turn off
