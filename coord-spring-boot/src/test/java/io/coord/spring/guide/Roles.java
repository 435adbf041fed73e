package io.coord.spring.guide;

import io.coord.recipes.leader.Leadership;
import io.coord.spring.leader.LeaderOnly;
import io.coord.spring.leader.OnFollower;
import io.coord.spring.leader.OnLeader;
import org.springframework.scheduling.annotation.Scheduled;

class Roles {

    @LeaderOnly("reports")
    @Scheduled(cron = "0 0 3 * * *")
    void writeReports() {
        System.out.println("writes");
    }

    @OnLeader("restocking")
    void restock(Leadership leadership) {
        System.out.println(leadership);
    }

    @OnFollower("restocking")
    void stop() {
        System.out.println("stops");
    }
}
