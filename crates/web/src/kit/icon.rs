//! Our own icons: 24 × 24, one stroke of 1.75, drawn inline so that they take the colour of the words beside them.
//!
//! An icon never stands alone for a meaning: words are beside it, or a visually hidden label.

use std::fmt;

macro_rules! icons {
    ($($(#[doc = $doc:literal])+ $name:ident $word:literal $shape:literal;)+) => {
        /// The set.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Icon {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Icon {
            /// Every icon, for the gallery.
            pub const ALL: &[Icon] = &[$(Icon::$name,)+];

            /// Name for style and tests: `shield-check`.
            pub fn word(self) -> &'static str {
                match self { $(Icon::$name => $word,)+ }
            }

            fn shape(self) -> &'static str {
                match self { $(Icon::$name => $shape,)+ }
            }
        }
    };
}

icons! {
    /// 搜索.
    Search "search" r#"<circle cx="10.5" cy="10.5" r="6.5"/><path d="m20 20-4.9-4.9"/>"#;
    /// 首页.
    Home "home" r#"<path d="M4 11 12 4l8 7v8a1 1 0 0 1-1 1h-4v-6H9v6H5a1 1 0 0 1-1-1z"/>"#;
    /// 全部事项.
    Grid "grid" r#"<rect x="4" y="4" width="6.5" height="6.5" rx="1.5"/><rect x="13.5" y="4" width="6.5" height="6.5" rx="1.5"/><rect x="4" y="13.5" width="6.5" height="6.5" rx="1.5"/><path d="M13.5 16.75H20M16.75 13.5V20"/>"#;
    /// 办件.
    Folder "folder" r#"<path d="M4 7a2 2 0 0 1 2-2h3.5l2 2.5H18a2 2 0 0 1 2 2V17a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2z"/><path d="m9 13.5 2 2 4-4"/>"#;
    /// 证照.
    Card "card" r#"<rect x="3.5" y="5" width="17" height="14" rx="2"/><circle cx="8.5" cy="10.5" r="2"/><path d="M5.8 16c.4-1.7 1.4-2.5 2.7-2.5s2.3.8 2.7 2.5M14 9.5h3.5M14 13h3.5"/>"#;
    /// 个人.
    User "user" r#"<circle cx="12" cy="8" r="4"/><path d="M4.5 20c.8-4 3.6-6 7.5-6s6.7 2 7.5 6"/>"#;
    /// 语言.
    Globe "globe" r#"<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c5 5.5 5 11.5 0 17-5-5.5-5-11.5 0-17z"/>"#;
    /// 字号.
    TextSize "text-size" r#"<path d="M3 19 8.5 5 14 19M5 14.5h7M15 19l3-8 3 8M16 16.5h4"/>"#;
    /// 对比度.
    Contrast "contrast" r#"<circle cx="12" cy="12" r="8.5"/><path d="M12 3.5v17a8.5 8.5 0 0 0 0-17z" fill="currentColor"/>"#;
    /// 浅色.
    Sun "sun" r#"<circle cx="12" cy="12" r="4"/><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4"/>"#;
    /// 深色.
    Moon "moon" r#"<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z"/>"#;
    /// 前往.
    ArrowRight "arrow-right" r#"<path d="M4.5 12h15M13.5 6l6 6-6 6"/>"#;
    /// 返回.
    ArrowLeft "arrow-left" r#"<path d="M19.5 12h-15M10.5 6l-6 6 6 6"/>"#;
    /// 展开右侧.
    ChevronRight "chevron-right" r#"<path d="m9.5 5.5 6.5 6.5-6.5 6.5"/>"#;
    /// 展开下方.
    ChevronDown "chevron-down" r#"<path d="m5.5 9.5 6.5 6.5 6.5-6.5"/>"#;
    /// 升序.
    SortUp "sort-up" r#"<path d="M12 19V5M6.5 10.5 12 5l5.5 5.5"/>"#;
    /// 降序.
    SortDown "sort-down" r#"<path d="M12 5v14M6.5 13.5 12 19l5.5-5.5"/>"#;
    /// 可排序.
    Sort "sort" r#"<path d="M8 19V5M4.5 8.5 8 5l3.5 3.5M16 5v14M12.5 15.5 16 19l3.5-3.5"/>"#;
    /// 对号.
    Check "check" r#"<path d="m5 12.5 4.7 4.7L19.5 7"/>"#;
    /// 完成.
    CheckCircle "check-circle" r#"<circle cx="12" cy="12" r="8.5"/><path d="m8 12.3 2.8 2.8 5.4-5.6"/>"#;
    /// 叉号.
    Cross "cross" r#"<path d="m6 6 12 12M18 6 6 18"/>"#;
    /// 须办.
    Alert "alert" r#"<path d="M12 4 21 19.5H3zM12 10v4.5M12 17v.1"/>"#;
    /// 停止.
    Stop "stop" r#"<path d="M8.3 3.5h7.4l4.8 4.8v7.4l-4.8 4.8H8.3l-4.8-4.8V8.3zM12 7.5v5.5M12 16.3v.1"/>"#;
    /// 说明.
    Info "info" r#"<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5M12 7.8v.1"/>"#;
    /// 疑问.
    Question "question" r#"<circle cx="12" cy="12" r="8.5"/><path d="M9.5 9.7c.2-1.5 1.2-2.3 2.6-2.3 1.5 0 2.5.9 2.5 2.2 0 1.9-2.5 2-2.5 4M12 16.7v.1"/>"#;
    /// 时间.
    Clock "clock" r#"<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.2l3.4 2"/>"#;
    /// 暂停.
    Pause "pause" r#"<circle cx="12" cy="12" r="8.5"/><path d="M9.8 8.8v6.4M14.2 8.8v6.4"/>"#;
    /// 日期.
    Calendar "calendar" r#"<rect x="4" y="5.5" width="16" height="14.5" rx="2"/><path d="M4 10h16M8.5 3.5v4M15.5 3.5v4"/>"#;
    /// 收费.
    Coin "coin" r#"<circle cx="12" cy="12" r="8.5"/><path d="m8.8 7.5 3.2 4.7 3.2-4.7M12 12.2V17M9 12.7h6M9 15h6"/>"#;
    /// 跑动次数.
    Steps "steps" r#"<path d="M8.2 4c1.7 0 2.6 1.7 2.6 4 0 1.6-.5 2.8-.6 4.2H6.3C6.2 10.8 5.5 9.7 5.5 8c0-2.3 1-4 2.7-4zM6.5 14.7h3.6c.2 1.7-.5 2.8-1.8 2.8s-2-1.1-1.8-2.8zM16 7c1.7 0 2.6 1.7 2.6 4 0 1.6-.6 2.8-.7 4.2H14c-.1-1.4-.7-2.5-.7-4.2 0-2.3 1-4 2.7-4zM14.2 17.7h3.6c.2 1.7-.5 2.8-1.8 2.8s-2-1.1-1.8-2.8z"/>"#;
    /// 上传.
    Upload "upload" r#"<path d="M12 15.5V4.5M7.5 8.5 12 4l4.5 4.5M4.5 15v3.5a1.5 1.5 0 0 0 1.5 1.5h12a1.5 1.5 0 0 0 1.5-1.5V15"/>"#;
    /// 下载.
    Download "download" r#"<path d="M12 4v11M7.5 11 12 15.5l4.5-4.5M4.5 15v3.5a1.5 1.5 0 0 0 1.5 1.5h12a1.5 1.5 0 0 0 1.5-1.5V15"/>"#;
    /// 文件.
    File "file" r#"<path d="M6 4.5A1.5 1.5 0 0 1 7.5 3H14l4.5 4.5v12A1.5 1.5 0 0 1 17 21H7.5A1.5 1.5 0 0 1 6 19.5zM14 3v4.5h4.5M9 12.5h6.5M9 16.5h6.5"/>"#;
    /// 材料已有.
    FileCheck "file-check" r#"<path d="M6 4.5A1.5 1.5 0 0 1 7.5 3H14l4.5 4.5v12A1.5 1.5 0 0 1 17 21H7.5A1.5 1.5 0 0 1 6 19.5zM14 3v4.5h4.5M9 14.5l2.3 2.3 4.2-4.3"/>"#;
    /// 拍照.
    Camera "camera" r#"<path d="M4 9a1.5 1.5 0 0 1 1.5-1.5h2.3L9.3 5h5.4l1.5 2.5h2.3A1.5 1.5 0 0 1 20 9v8.5a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5z"/><circle cx="12" cy="13" r="3.3"/>"#;
    /// 电话.
    Phone "phone" r#"<path d="M6 4h3l1.5 4.5L8.3 10a11 11 0 0 0 5.7 5.7l1.5-2.2L20 15v3a2 2 0 0 1-2.2 2A15.5 15.5 0 0 1 4 6.2 2 2 0 0 1 6 4z"/>"#;
    /// 手机.
    Mobile "mobile" r#"<rect x="7" y="3" width="10" height="18" rx="2"/><path d="M11 17.8h2"/>"#;
    /// 二维码.
    Qr "qr" r#"<path d="M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.5v2.5H14zM17.5 17.5H20V20h-2.5zM20 14v.1M14 20v-.1"/>"#;
    /// 查验.
    ShieldCheck "shield-check" r#"<path d="M12 3.5 19 6v5.5c0 4.3-2.8 7.5-7 9-4.2-1.5-7-4.7-7-9V6z"/><path d="m8.7 12 2.4 2.4 4.3-4.5"/>"#;
    /// 依据.
    Scale "scale" r#"<path d="M12 4v16M8 20h8M5 7h14M5 7l-2.5 6.5a2.6 2.6 0 0 0 5 0zM19 7l-2.5 6.5a2.6 2.6 0 0 0 5 0z"/>"#;
    /// 印章.
    Stamp "stamp" r#"<path d="M10 13.5c.3-2.5-1.5-3.5-1.5-6a3.5 3.5 0 0 1 7 0c0 2.5-1.8 3.5-1.5 6h3.5a2 2 0 0 1 2 2v1.5h-15v-1.5a2 2 0 0 1 2-2zM5 20.5h14"/>"#;
    /// 企业.
    Building "building" r#"<path d="M5 20.5V5a1.5 1.5 0 0 1 1.5-1.5h6A1.5 1.5 0 0 1 14 5v15.5M14 9.5h3.5A1.5 1.5 0 0 1 19 11v9.5M3 20.5h18M8 7.5h3M8 11.5h3M8 15.5h3"/>"#;
    /// 店铺.
    Shop "shop" r#"<path d="M5 11v8.5h14V11M3.5 8.5 5.5 4h13l2 4.5c0 1.5-1.2 2.5-2.8 2.5S15 10 15 8.5C15 10 13.6 11 12 11S9 10 9 8.5C9 10 7.8 11 6.2 11S3.5 10 3.5 8.5zM10 19.5V15h4v4.5"/>"#;
    /// 餐饮.
    Bowl "bowl" r#"<path d="M3.5 11h17c0 4-2.3 6.8-5.5 8H9c-3.2-1.2-5.5-4-5.5-8zM8.5 7.5c0-1.5 1.2-1.5 1.2-3M13 7.5c0-1.5 1.2-1.5 1.2-3"/>"#;
    /// 生育.
    Baby "baby" r#"<circle cx="12" cy="12" r="8.5"/><path d="M12 3.5c1.8.3 2.3 2.5.6 3M9 11.5v.1M15 11.5v.1M9 15c1.8 1.7 4.2 1.7 6 0"/>"#;
    /// 教育.
    School "school" r#"<path d="M2.5 9.5 12 5l9.5 4.5L12 14zM6.5 11.5v4.8c3.2 2.3 7.8 2.3 11 0v-4.8M21.5 9.5v5.5"/>"#;
    /// 就业.
    Briefcase "briefcase" r#"<rect x="3.5" y="8" width="17" height="11.5" rx="2"/><path d="M9 8V6a1.5 1.5 0 0 1 1.5-1.5h3A1.5 1.5 0 0 1 15 6v2M3.5 13h17M12 12v2.5"/>"#;
    /// 住房.
    Key "key" r#"<circle cx="8" cy="15.5" r="4.5"/><path d="m11.2 12.3 8.3-8.3M16 7.5l3 3M14 9.5l1.5 1.5"/>"#;
    /// 医疗.
    Heart "heart" r#"<path d="M12 20C6 16 3.5 12.8 3.5 9.3A4.6 4.6 0 0 1 12 6.7a4.6 4.6 0 0 1 8.5 2.6C20.5 12.8 18 16 12 20z"/><path d="M4.5 12.5H9l1.5-2.5 2.5 4.5 1.3-2h4.5"/>"#;
    /// 交通.
    Car "car" r#"<path d="M4 16.5v-4l2-5.5h12l2 5.5v4zM4 12.5h16M5.5 16.5v2M18.5 16.5v2M7.5 14.5v.1M16.5 14.5v.1"/>"#;
    /// 建设.
    Crane "crane" r#"<path d="M6.5 20.5V4l13 4H4M6.5 8 10 4.9M16.5 8v5M15 13h3v2.5h-3zM4 20.5h5"/>"#;
    /// 农业.
    Leaf "leaf" r#"<path d="M5 19.5C5 10 10 5 20 4.5c.2 9.5-4.5 14-12 13.5M5 19.5c2.5-5 5.5-7.5 9.5-9.5"/>"#;
    /// 用水.
    Drop "drop" r#"<path d="M12 3.5c3.8 4.7 6 7.9 6 10.7a6 6 0 0 1-12 0C6 11.4 8.2 8.2 12 3.5zM9 14.5c.2 1.7 1.2 2.7 2.8 3"/>"#;
    /// 书.
    Book "book" r#"<path d="M12 6.5C9.5 4.7 6.5 4.3 3.5 5v13.5c3-.7 6-.3 8.5 1.5 2.5-1.8 5.5-2.2 8.5-1.5V5c-3-.7-6-.3-8.5 1.5zM12 6.5V20"/>"#;
    /// 养老.
    Cane "cane" r#"<circle cx="10" cy="5.5" r="2.3"/><path d="M10.5 10.5c-2.5 0-3.5 1.6-3.5 4V20M10.5 10.5c1.7 0 2.3 1.5 2.5 3l3 1.5M11 15l2 5M18.5 20v-6.5a1.5 1.5 0 0 0-3 0"/>"#;
    /// 婚姻.
    Rings "rings" r#"<circle cx="8.5" cy="14" r="5"/><circle cx="15.5" cy="14" r="5"/><path d="m10.5 4 1.5 2 1.5-2"/>"#;
    /// 投资.
    Chart "chart" r#"<path d="M4 4v16h16M8 16v-4M12 16V8.5M16 16v-6"/>"#;
    /// 当场办结.
    Bolt "bolt" r#"<path d="M13.5 3 5.5 13.5h5L10 21l8.5-11h-5.5z"/>"#;
    /// 外部链接.
    External "external" r#"<path d="M13.5 4.5h6v6M19.5 4.5l-8.5 8.5M17 13.5V18a1.5 1.5 0 0 1-1.5 1.5H6A1.5 1.5 0 0 1 4.5 18V8.5A1.5 1.5 0 0 1 6 7h4.5"/>"#;
    /// 复制.
    Copy "copy" r#"<rect x="8.5" y="8.5" width="11.5" height="11.5" rx="1.5"/><path d="M15.5 8.5v-3A1.5 1.5 0 0 0 14 4H5.5A1.5 1.5 0 0 0 4 5.5V14a1.5 1.5 0 0 0 1.5 1.5h3"/>"#;
    /// 打印.
    Print "print" r#"<path d="M7.5 8.5V4h9v4.5M7.5 16H5.5A1.5 1.5 0 0 1 4 14.5V10a1.5 1.5 0 0 1 1.5-1.5h13A1.5 1.5 0 0 1 20 10v4.5a1.5 1.5 0 0 1-1.5 1.5h-2M7.5 13.5h9V20h-9z"/>"#;
    /// 分享.
    Share "share" r#"<circle cx="6.5" cy="12" r="2.5"/><circle cx="17" cy="6" r="2.5"/><circle cx="17" cy="18" r="2.5"/><path d="m8.7 10.8 6.1-3.5M8.7 13.2l6.1 3.5"/>"#;
    /// 查看.
    Eye "eye" r#"<path d="M2.5 12C5 7.5 8.2 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.7 6.5-9.5 6.5S5 16.5 2.5 12z"/><circle cx="12" cy="12" r="3"/>"#;
    /// 编辑.
    Edit "edit" r#"<path d="M4 20l1-4.5L16 4.5a1.8 1.8 0 0 1 2.5 0l1 1a1.8 1.8 0 0 1 0 2.5L8.5 19z M14 6.5 17.5 10"/>"#;
    /// 删除.
    Trash "trash" r#"<path d="M4 7h16M9.5 7V4.5h5V7M6 7l.8 12a1.5 1.5 0 0 0 1.5 1.5h7.4a1.5 1.5 0 0 0 1.5-1.5L18 7M10 11v5.5M14 11v5.5"/>"#;
    /// 增加.
    Plus "plus" r#"<path d="M12 5v14M5 12h14"/>"#;
    /// 减少.
    Minus "minus" r#"<path d="M5 12h14"/>"#;
    /// 退回.
    Return "return" r#"<path d="M9 5 4.5 9.5 9 14M4.5 9.5H14a5.5 5.5 0 0 1 0 11h-4"/>"#;
    /// 刷新.
    Refresh "refresh" r#"<path d="M19.5 5v5h-5M4.5 19v-5h5M18.7 10A7.5 7.5 0 0 0 5.5 7.8M5.3 14a7.5 7.5 0 0 0 13.2 2.2"/>"#;
    /// 消息.
    Message "message" r#"<path d="M4 6.5A1.5 1.5 0 0 1 5.5 5h13A1.5 1.5 0 0 1 20 6.5v9a1.5 1.5 0 0 1-1.5 1.5H11l-4.5 3.5V17h-1A1.5 1.5 0 0 1 4 15.5zM8 9.5h8M8 12.7h5"/>"#;
    /// 提醒.
    Bell "bell" r#"<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4"/>"#;
    /// 保密.
    Lock "lock" r#"<rect x="5" y="10.5" width="14" height="10" rx="2"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5M12 14.5v2"/>"#;
    /// 退出.
    LogOut "log-out" r#"<path d="M14 4.5H6.5A1.5 1.5 0 0 0 5 6v12a1.5 1.5 0 0 0 1.5 1.5H14M10.5 12H20M16 8l4 4-4 4"/>"#;
    /// 登录.
    LogIn "log-in" r#"<path d="M10 4.5h7.5A1.5 1.5 0 0 1 19 6v12a1.5 1.5 0 0 1-1.5 1.5H10M4 12h10M10 8l4 4-4 4"/>"#;
    /// 列表.
    List "list" r#"<path d="M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5v.1M4.5 12v.1M4.5 17.5v.1"/>"#;
    /// 筛选.
    Filter "filter" r#"<path d="M3.5 5.5h17M6.5 12h11M10 18.5h4"/>"#;
    /// 收件箱.
    Inbox "inbox" r#"<path d="M4 13.5 6.5 5h11l2.5 8.5v4a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5zM4 13.5h5l1 2.5h4l1-2.5h5"/>"#;
    /// 窗口.
    Window "window" r#"<rect x="4" y="4" width="16" height="16" rx="1.5"/><path d="M12 4v16M4 12h16"/>"#;
    /// 地点.
    Pin "pin" r#"<path d="M12 21c-4.5-4.5-7-7.7-7-11a7 7 0 0 1 14 0c0 3.3-2.5 6.5-7 11z"/><circle cx="12" cy="10" r="2.5"/>"#;
    /// 排队.
    Queue "queue" r#"<circle cx="6" cy="8" r="2.2"/><circle cx="12" cy="8" r="2.2"/><circle cx="18" cy="8" r="2.2"/><path d="M3.5 17c0-3 .8-4.5 2.5-4.5s2.5 1.5 2.5 4.5M9.5 17c0-3 .8-4.5 2.5-4.5s2.5 1.5 2.5 4.5M15.5 17c0-3 .8-4.5 2.5-4.5s2.5 1.5 2.5 4.5"/>"#;
    /// 承诺.
    Pledge "pledge" r#"<path d="M6 4.5A1.5 1.5 0 0 1 7.5 3H14l4.5 4.5v5M14 3v4.5h4.5M6 4.5V19.5A1.5 1.5 0 0 0 7.5 21H10M9 12h4M9 8.5h2M12.5 20.5l.7-2.8 5-5 2.1 2.1-5 5z"/>"#;
}

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            r#"<svg class="i i-{}" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">{}</svg>"#,
            self.word(),
            self.shape()
        )
    }
}

impl askama::FastWritable for Icon {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        Ok(write!(dest, "{self}")?)
    }
}

impl askama::filters::HtmlSafe for Icon {}
