home-title = 今天想办什么事
home-question = 今天想办什么事？
home-lead = 用您自己的话说就行，不用知道它的正式名称。
home-search-label = 用自己的话说说要办的事
home-search-hint = 比如：开理发店
home-search-button = 查找
home-search-try = 大家这样说：
home-todo-title = 等您办的
home-todo-none = 现在没有要您办的
home-todo-none-text = 有材料要补、有决定出来时，会出现在这里。
home-welcome = 登录后，这里先说要紧的事
home-welcome-text = 该补的材料、快到的日子、刚拿到的证照。不登录也能查事项、看材料。
home-sign-up = 注册
home-hall-waiting = 人在等{ $n ->
    [0] ，来了就办
   *[other] {""}
  }
home-life-title = 从您的事情说起
home-all-matters = 全部 { NUMBER($count) } 项
home-for-person = 我自己和家里的事
home-for-company = 我的店、我的公司的事
home-top-title = 办得最多的事
home-how-title = 一扇窗，四步办完
home-how-1 = 说出要办的事
home-how-1-text = 先看能不能办、要几天、花不花钱，再决定办不办。
home-how-2 = 只填政府不知道的
home-how-2-text = 登记过的信息自动带入并写明来源，已有的证照不用再交。
home-how-3 = 跟着看进度
home-how-3-text = 谁在办、还剩几天、下一步做什么，像查快递一样清楚。
home-how-4 = 拿到能查验的证照
home-how-4-text = 每个决定都写明理由；对自动作出的决定，可以要求转人工。
home-check-title = 查验一张证照
home-todo-continue = 接着填
home-todo-draft = 草稿，保存于 { $when }
home-check-text = 用手机相机扫证照上的二维码，马上知道它是真是假、有没有失效；也可以粘贴网址或上传证照文件。
home-check-go = 去查验
