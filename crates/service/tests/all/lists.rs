//! Status lists as they are published.

use domain::accounts::Role;
use domain::cases::Origin;
use seal::status::{Status, verify_status_list};
use service::licences::{self, Ending, status_list, status_lists};
use service::{ServiceError, demo};

use crate::bed::{Bed, actor};

#[tokio::test]
async fn a_licence_that_ended_stands_in_the_list_at_once() {
    let bed = Bed::new(91).await;
    let city = &bed.city;
    let system = actor("测试系统", Role::Integrator);
    let mut places = Vec::new();
    for _ in 0..2 {
        let drawn = demo::draw(city, "public-place-hygiene").await.unwrap();
        let id = service::cases::submit(city, &system, drawn.submit(Origin::Api)).await.unwrap().licence.unwrap().id;
        let approver = actor("审批", Role::Approver);
        let licence = licences::view(city, &approver, &id.to_string()).await.unwrap().licence;
        places.push((id.to_string(), licence.status_list, licence.status_index));
    }
    let name = places[0].1.clone();
    assert_eq!(status_lists(city, "", 10).await.unwrap(), [name.as_str()]);
    let states = async || {
        let list = status_list(city, &name).await.unwrap();
        let report = verify_status_list(&list.bytes, &city.keys().roots, city.moment());
        assert!(report.valid, "{:?}", report.checks);
        assert_eq!(list.next_update, list.issued_at.plus_seconds(86_400));
        let bits = report.content.unwrap().status_list.states().unwrap();
        (list.issued_at, places.iter().map(|(_, _, place)| bits.get(*place).unwrap()).collect::<Vec<_>>())
    };
    let first = states().await;
    assert_eq!(first.1, [Status::Valid, Status::Valid]);
    bed.clock.advance(60);
    assert_eq!(states().await.0, first.0, "nothing has changed, so it is the same file");
    licences::end(city, &actor("审批", Role::Approver), &places[1].0, Ending::Revoke, "《行政许可法》第六十九条")
        .await
        .unwrap();
    let second = states().await;
    assert_eq!((second.0, second.1), (first.0.plus_seconds(60), vec![Status::Valid, Status::Ended]));
    bed.clock.advance(3_600);
    assert_eq!(states().await.0, second.0.plus_seconds(3_600), "and now and then it is signed anew");
    assert!(matches!(status_list(city, "999").await, Err(ServiceError::NotFound(_))));
}
