//! Who can sign in: the desks of the bureau, and citizens whose identity has been proved.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use domain::accounts::{Account, Actor, Grant, Role};
use domain::catalog::ApplicantKind;
use domain::text::Text;

use crate::accounts::{self, NewAccount};
use crate::city::City;
use crate::demo::names;
use crate::demo::people::{Body, Person, Who};
use crate::demo::random::Dice;
use crate::error::ServiceError;
use crate::registry;

/// The password of every demo account. It is shown on the sign-in page of a demo city, so it is no secret.
pub const PASSWORD: &str = "hailan-demo";

/// An account that the sign-in page of a demo city offers.
#[derive(Debug, Clone)]
pub struct DemoAccount {
    /// Sign-in name.
    pub login: &'static str,
    /// Password.
    pub password: &'static str,
    /// Name of the person.
    pub name: &'static str,
    /// Who it is.
    pub label: Text,
    /// What to try with it.
    pub hint: Text,
}

struct Desk {
    login: &'static str,
    name: &'static str,
    role: Role,
    department: Option<&'static str>,
    label: [&'static str; 2],
    hint: [&'static str; 2],
}

const fn desk(
    login: &'static str,
    name: &'static str,
    role: Role,
    department: Option<&'static str>,
    label: [&'static str; 2],
    hint: [&'static str; 2],
) -> Desk {
    Desk { login, name, role, department, label, hint }
}

const DESKS: [Desk; 9] = [
    desk(
        "chen.clerk",
        "陈立新",
        Role::Clerk,
        None,
        ["综合窗口", "Window clerk"],
        [
            "核对收件、一次性告知补正、受理、代办现场申请",
            "Check applications, send the one-time notice, accept, take a walk-in",
        ],
    ),
    desk(
        "wu.clerk",
        "吴小冬",
        Role::Clerk,
        None,
        ["综合窗口（二号）", "Window clerk, second desk"],
        ["在另一个窗口接着办同一件事", "Go on with the same case at another window"],
    ),
    desk(
        "lin.reviewer",
        "林雅",
        Role::Reviewer,
        Some("approval"),
        ["审批局审核人", "Reviewer, approval bureau"],
        ["审核材料、登记现场核查、启动特别程序", "Examine, record the on-site check, stop the clock"],
    ),
    desk(
        "gao.approver",
        "高远",
        Role::Approver,
        Some("approval"),
        ["审批局审批人", "Approver, approval bureau"],
        ["准予、不予许可、退回、撤销证照", "Grant, refuse, send back, revoke a licence"],
    ),
    desk(
        "song.reviewer",
        "宋志",
        Role::Reviewer,
        Some("planning"),
        ["规划局审核人", "Reviewer, planning bureau"],
        ["看暂停计时的办件", "See a case whose clock stands still"],
    ),
    desk(
        "han.approver",
        "韩明",
        Role::Approver,
        Some("planning"),
        ["规划局审批人", "Approver, planning bureau"],
        ["审批建设用地规划许可", "Decide on land planning permits"],
    ),
    desk(
        "xu.supervisor",
        "徐静",
        Role::Supervisor,
        None,
        ["效能监督", "Supervisor"],
        ["看红黄牌和各部门的时限", "See which cases are late, and where"],
    ),
    desk(
        HALL_HEAD,
        "秦岚",
        Role::HallHead,
        None,
        ["大厅负责人", "Head of a hall"],
        ["排班、看哪个窗口没人、确认调班、核给调休", "Plan the rota, see gaps, confirm a swap, grant time off"],
    ),
    desk(
        ADMINISTRATOR,
        "何谦",
        Role::Administrator,
        None,
        ["系统管理员", "Administrator"],
        ["暂停一个事项的自动审批、开设账号", "Pause the automation of a matter, open accounts"],
    ),
];

/// The account that is opened last: where it exists, the seeding was finished.
pub(super) const ADMINISTRATOR: &str = "he.admin";

/// The account of whoever plans the rota.
pub(super) const HALL_HEAD: &str = "qin.head";

/// The account of the system that passes applications on; it has no password, only tokens.
pub(super) const INTEGRATOR: &str = "integrator";

struct Citizen {
    login: &'static str,
    name: &'static str,
    man: bool,
    age: u8,
    business: Option<(ApplicantKind, &'static str)>,
    label: [&'static str; 2],
    hint: [&'static str; 2],
}

const fn citizen(
    login: &'static str,
    name: &'static str,
    man: bool,
    age: u8,
    business: Option<(ApplicantKind, &'static str)>,
    label: [&'static str; 2],
    hint: [&'static str; 2],
) -> Citizen {
    Citizen { login, name, man, age, business, label, hint }
}

const SHOP: ApplicantKind = ApplicantKind::IndividualBusiness;
const COMPANY: ApplicantKind = ApplicantKind::Enterprise;

const CITIZENS: [Citizen; 13] = [
    citizen(
        "li.shop",
        "李晓梅",
        false,
        36,
        Some((SHOP, "美发")),
        ["美发店主", "Owner of a hairdresser's"],
        [
            "申请公共场所卫生许可，几秒内拿到电子证照",
            "Apply for the hygiene licence of public places: a signed licence in seconds",
        ],
    ),
    citizen(
        "wang.mother",
        "王海燕",
        false,
        31,
        None,
        ["年轻母亲", "A young mother"],
        ["给自己办城乡居民医保参保、提取公积金付房租", "Enrol in health insurance, draw housing fund for rent"],
    ),
    citizen(
        "zhang.officer",
        "张启明",
        true,
        45,
        Some((COMPANY, "科技")),
        ["公司负责人", "Officer of a company"],
        ["办理补正、查看进度、为公司申请备案", "Hand in corrections, follow cases, file for the company"],
    ),
    citizen(
        "liu.senior",
        "刘桂芳",
        false,
        82,
        None,
        ["高龄老人", "A lady of 82"],
        ["用长辈版申请高龄津贴", "Apply for the old-age allowance in large type"],
    ),
    citizen(
        "zhao.nurse",
        "赵琳",
        false,
        28,
        None,
        ["护士", "A nurse"],
        ["变更护士执业地点", "Register a change of the place of work"],
    ),
    citizen(
        "sun.farmer",
        "孙建国",
        true,
        50,
        Some((SHOP, "农资")),
        ["农资店主", "Dealer in farm supplies"],
        ["凭已有的农药经营许可证办理变更", "Change the pesticide licence that is on file"],
    ),
    citizen(
        "zhou.chef",
        "周文斌",
        true,
        40,
        Some((COMPANY, "餐饮管理")),
        ["餐饮公司负责人", "Runs a restaurant company"],
        ["看食品经营许可的现场核查到了哪一步", "See how far the food licence has come"],
    ),
    citizen(
        "wu.doctor",
        "吴静怡",
        false,
        41,
        None,
        ["医师", "A physician"],
        ["网上预审有反馈，修改后正式提交诊所备案", "Feedback on a clinic filing: change it and file"],
    ),
    citizen(
        "zheng.device",
        "郑浩然",
        true,
        38,
        Some((COMPANY, "医疗器械")),
        ["医疗器械公司负责人", "Medical device company"],
        ["备案第一类产品、看第三类经营许可的时限", "File a class I product, watch the clock of a class III licence"],
    ),
    citizen(
        "feng.builder",
        "冯立军",
        true,
        48,
        Some((COMPANY, "机械")),
        ["项目建设单位", "Builds a factory"],
        ["看规划许可在专家评审期间如何停止计时", "See the clock stop during an expert review"],
    ),
    citizen(
        "gu.books",
        "顾清",
        false,
        35,
        Some((SHOP, "图书")),
        ["书店店主", "Keeps a bookshop"],
        ["对自动审批结果申请人工复核", "Ask for a person to look at an automatic decision"],
    ),
    citizen(
        "tang.salon",
        "唐雅",
        false,
        44,
        Some((SHOP, "美发")),
        ["证照快到期的店主", "A licence about to expire"],
        ["看快到期的卫生许可证和核验二维码", "See a licence that expires soon, and its QR code"],
    ),
    citizen(
        "qian.home",
        "钱思远",
        true,
        33,
        None,
        ["租房青年", "Rents a flat"],
        [
            "查不动产登记、开纳税和参保证明；也是一家公司的经办人",
            "Search the land register, get tax and insurance certificates; also clerk of a company",
        ],
    ),
];

static ACCOUNTS: LazyLock<Vec<DemoAccount>> = LazyLock::new(|| {
    let account = |login, name, label: [&str; 2], hint: [&str; 2]| DemoAccount {
        login,
        password: PASSWORD,
        name,
        label: Text::new(label[0], label[1]),
        hint: Text::new(hint[0], hint[1]),
    };
    let citizens = CITIZENS.iter().map(|one| account(one.login, one.name, one.label, one.hint));
    citizens.chain(DESKS.iter().map(|one| account(one.login, one.name, one.label, one.hint))).collect()
});

/// The accounts that the sign-in page of a demo city offers, citizens first.
pub fn accounts() -> &'static [DemoAccount] {
    &ACCOUNTS
}

/// Everybody who takes part in the city's past.
pub(super) struct Cast {
    /// Staff and the passing-on system by sign-in name.
    pub actors: BTreeMap<String, Actor>,
    /// Citizens by sign-in name, with their accounts.
    pub citizens: BTreeMap<&'static str, (Who, Account)>,
}

impl Cast {
    /// Someone of that role who may act for a department.
    pub(super) fn staff(&self, role: Role, department: &str) -> Result<&Actor, ServiceError> {
        let fits =
            |grant: &Grant| grant.role == role && grant.department.as_deref().is_none_or(|own| own == department);
        self.actors
            .values()
            .find(|actor| actor.grants.iter().any(fits))
            .ok_or_else(|| ServiceError::Internal(format!("nobody is {role:?} for {department}")))
    }
}

/// The bureau itself, which opens the first accounts.
pub(super) fn bureau() -> Actor {
    Actor {
        account: None,
        name: "演示城市".into(),
        grants: vec![Grant { role: Role::Administrator, department: None, district: None }],
        person: None,
        acts_for: Vec::new(),
        mandates: Vec::new(),
    }
}

fn new(login: &str, name: &str, grants: Vec<Grant>) -> NewAccount {
    NewAccount {
        login: login.to_owned(),
        password: Some(PASSWORD.to_owned()),
        name: name.to_owned(),
        grants,
        person: None,
    }
}

async fn open_staff(
    city: &City,
    login: &str,
    name: &str,
    role: Role,
    department: Option<&str>,
) -> Result<(String, Actor), ServiceError> {
    let district = matches!(role, Role::Clerk | Role::HallHead).then(|| city.settings().district.clone());
    let grant = Grant { role, department: department.map(str::to_owned), district };
    let account = accounts::open_account(city, &bureau(), new(login, name, vec![grant])).await?;
    Ok((login.to_owned(), account.actor(Vec::new())))
}

/// Opens all accounts but the administrator's.
pub(super) async fn open_all(city: &City, dice: &mut Dice) -> Result<Cast, ServiceError> {
    let mut actors = BTreeMap::new();
    for desk in DESKS.iter().filter(|desk| desk.login != ADMINISTRATOR) {
        actors.extend([open_staff(city, desk.login, desk.name, desk.role, desk.department).await?]);
    }
    let named: BTreeSet<&str> = DESKS.iter().filter_map(|desk| desk.department).collect();
    let shelf = city.shelf();
    let departments: BTreeSet<&str> = shelf
        .matters()
        .map(|matter| matter.bundle.matter.department.as_str())
        .filter(|id| !named.contains(id))
        .collect();
    for department in departments {
        for (role, word) in [(Role::Reviewer, "reviewer"), (Role::Approver, "approver")] {
            let man = dice.below(2) == 0;
            let (login, name) = (format!("{department}.{word}"), names::person(dice, man));
            actors.extend([open_staff(city, &login, &name, role, Some(department)).await?]);
        }
    }
    let grant = Grant { role: Role::Integrator, department: None, district: None };
    let system = NewAccount { password: None, ..new(INTEGRATOR, "对接系统（演示）", vec![grant]) };
    let account = accounts::open_account(city, &bureau(), system).await?;
    actors.insert(INTEGRATOR.to_owned(), account.actor(Vec::new()));
    let mut citizens = BTreeMap::new();
    for citizen in &CITIZENS {
        citizens.insert(citizen.login, open_citizen(city, citizen, dice).await?);
    }
    Ok(Cast { actors, citizens })
}

/// Opens the account that ends the seeding.
pub(super) async fn open_administrator(city: &City) -> Result<(), ServiceError> {
    for desk in DESKS.iter().filter(|desk| desk.login == ADMINISTRATOR) {
        open_staff(city, desk.login, desk.name, desk.role, desk.department).await?;
    }
    Ok(())
}

async fn open_citizen(city: &City, citizen: &Citizen, dice: &mut Dice) -> Result<(Who, Account), ServiceError> {
    let today = city.now().date();
    let mut person = Person::thrown(dice, today, Some((citizen.age, citizen.age)));
    // The 17th digit of the number tells the sex, so both are thrown again together.
    while person.man != citizen.man {
        person = Person::thrown(dice, today, Some((citizen.age, citizen.age)));
    }
    citizen.name.clone_into(&mut person.name);
    let body = citizen.business.map(|(kind, word)| {
        loop {
            let body = Body::thrown(dice, today, kind);
            if body.trade_word() == word {
                break body;
            }
        }
    });
    let who = Who { person, body };
    registry::put(city, &who.entries()).await?;
    let proved = Some((who.person.party(), "demo".to_owned()));
    let account = NewAccount { person: proved, ..new(citizen.login, citizen.name, Account::citizen()) };
    let account = accounts::open_account(city, &bureau(), account).await?;
    Ok((who, account))
}
